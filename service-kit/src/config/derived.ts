import { isIP } from 'node:net';
import { addressList } from './address-settings.ts';
import { isEverywhere, urlHost } from './hosts.ts';
import type { PasskeySettings } from './passkey-settings.ts';

export type TlsMode = 'verify-full' | 'verify-ca' | 'require' | 'disable';

/** How mails are sent: to a mail host, into files (for development), or not at all. */
export type MailVia = 'smtp' | 'files' | 'off';

/** Settings that are derived from others when they are not given. */
export interface Derived {
  readonly auth: { readonly passkeys: PasskeySettings };
  readonly server: {
    readonly publicUrl: string;
    /** The base URL of links in mails. */
    readonly webUrl: string;
    /** 0: none. */
    readonly metricsPort: number;
    readonly panel: boolean;
    readonly corsOrigins: readonly string[];
  };
  readonly notify: { readonly publicUrl: string; readonly metricsPort: number };
  readonly worker: { readonly metricsPort: number };
  readonly mail: { readonly via: MailVia };
  readonly push: { readonly contact: string };
  readonly files: { readonly folder: string };
  readonly database: { readonly tls: { readonly mode: TlsMode } };
}

/** The URL of a service that listens on this host and port. */
export function addressUrl({ host, port }: { readonly host: string; readonly port: number }): string {
  return `http://${isEverywhere(host) ? 'localhost' : urlHost(host)}:${port}`;
}

const METRICS_ABOVE = 1_000;

/** The default port of a service's metrics on this machine: 1000 above its port, so that two services have two. */
export function defaultMetricsPort(port: number): number {
  return port === 0 || port + METRICS_ABOVE > 65_535 ? 0 : port + METRICS_ABOVE;
}

/** The origins of pages that may call: the public URLs, and in development all names of this machine. */
export function defaultOrigins(publicUrls: readonly string[], isProduction: boolean): readonly string[] {
  const origins = publicUrls.map((url) => new URL(url).origin);
  if (isProduction) return [...new Set(origins)];
  const local = publicUrls.flatMap((url) =>
    ['localhost', '127.0.0.1', '[::1]'].map((name) => Object.assign(new URL(url), { hostname: name }).origin),
  );
  return [...new Set([...origins, ...local])];
}

const loopback = addressList(['127.0.0.0/8', '::1']);

/** Whether a database URL is on this machine: a socket, or a loopback address. */
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

/** The TLS mode that a URL names; otherwise verify-full, except for a database on this host. */
export function defaultTlsMode(databaseUrl: string | undefined): TlsMode {
  if (databaseUrl === undefined) return 'disable';
  const named = modeOfSslmode[new URL(databaseUrl).searchParams.get('sslmode') ?? ''];
  return named ?? (isOnThisHost(databaseUrl) ? 'disable' : 'verify-full');
}

/** Removes sslmode from the URL, because `tls.mode` decides it and the driver would interpret it differently. */
export function withoutSslmode(databaseUrl: string): string {
  const url = new URL(databaseUrl);
  if (!url.searchParams.has('sslmode')) return databaseUrl;
  url.searchParams.delete('sslmode');
  return url.href;
}
