import { isIP } from 'node:net';
import { addressList } from './address-settings.ts';
import { isEverywhere, urlHost } from './hosts.ts';

export type TlsMode = 'verify-full' | 'verify-ca' | 'require' | 'disable';

/** How mails go out: to a mail host, into files (for development), or not at all. */
export type MailVia = 'smtp' | 'files' | 'off';

/** What is worked out from other settings where it is not given. */
export interface Derived {
  readonly server: {
    readonly publicUrl: string;
    /** Where links in mails lead. */
    readonly webUrl: string;
    /** 0: none. */
    readonly metricsPort: number;
    readonly panel: boolean;
    readonly corsOrigins: readonly string[];
  };
  readonly notify: { readonly publicUrl: string; readonly metricsPort: number };
  readonly worker: { readonly metricsPort: number };
  readonly mail: { readonly via: MailVia };
  readonly database: { readonly tls: { readonly mode: TlsMode } };
}

/** Where a service can be reached that listens on this host and port. */
export function addressUrl({ host, port }: { readonly host: string; readonly port: number }): string {
  return `http://${isEverywhere(host) ? 'localhost' : urlHost(host)}:${port}`;
}

const METRICS_ABOVE = 1_000;

/** Where a service's metrics are served on this machine: 1000 above its port, so that two services have two. */
export function defaultMetricsPort(port: number): number {
  return port === 0 || port + METRICS_ABOVE > 65_535 ? 0 : port + METRICS_ABOVE;
}

/** The pages that may call: those at the public URLs; in development under all names of this machine. */
export function defaultOrigins(publicUrls: readonly string[], isProduction: boolean): readonly string[] {
  const origins = publicUrls.map((url) => new URL(url).origin);
  if (isProduction) return [...new Set(origins)];
  const local = publicUrls.flatMap((url) =>
    ['localhost', '127.0.0.1', '[::1]'].map((name) => Object.assign(new URL(url), { hostname: name }).origin),
  );
  return [...new Set([...origins, ...local])];
}

const loopback = addressList(['127.0.0.0/8', '::1']);

/** Whether a database URL leads to this very machine: a socket, or a loopback address. */
function isOnThisHost(databaseUrl: string): boolean {
  const url = new URL(databaseUrl);
  const host = decodeURIComponent(url.searchParams.get('host') ?? url.hostname).replace(/^\[|\]$/g, '');
  if (host === '' || host.startsWith('/') || host === 'localhost') return true;
  return loopback.check(host, isIP(host) === 6 ? 'ipv6' : 'ipv4');
}

const modeOfSslmode: Readonly<Record<string, TlsMode>> = {
  disable: 'disable',
  require: 'require',
  'verify-ca': 'verify-ca',
  'verify-full': 'verify-full',
};

/** The TLS mode that a URL asks for by name; else verify-full, except to a database on this host. */
export function defaultTlsMode(databaseUrl: string | undefined): TlsMode {
  if (databaseUrl === undefined) return 'disable';
  const named = modeOfSslmode[new URL(databaseUrl).searchParams.get('sslmode') ?? ''];
  return named ?? (isOnThisHost(databaseUrl) ? 'disable' : 'verify-full');
}

/** `tls.mode` says it, so that the driver does not read it again, and differently, in the URL. */
export function withoutSslmode(databaseUrl: string): string {
  const url = new URL(databaseUrl);
  if (!url.searchParams.has('sslmode')) return databaseUrl;
  url.searchParams.delete('sslmode');
  return url.href;
}
