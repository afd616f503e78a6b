import { isIP } from 'node:net';

/** A host as it stands in a URL: an IPv6 address in brackets and in its one form, without a zone, which URLs do not have. */
export function urlHost(host: string): string {
  const url = `http://${isIP(host) === 6 ? `[${host.split('%', 1)[0] ?? ''}]` : host}`;
  return URL.canParse(url) ? new URL(url).hostname : host;
}

/** A `Host` header with an IPv6 address in its one form, which is the only one that the adapter takes. */
export function hostInOneForm(header: string): string {
  return URL.canParse(`http://${header}`) ? new URL(`http://${header}`).host : header;
}

const EVERYWHERE = new Set(['0.0.0.0', '[::]', '[::ffff:0:0]']);

/** Whether who listens on this host listens on every address of the machine. */
export const isEverywhere = (host: string): boolean => EVERYWHERE.has(urlHost(host));

const MAPPED = /^\[::ffff:([\da-f]{1,4}):([\da-f]{1,4})\]$/;

/** An address without the IPv6 form that an IPv4 one has on a socket for both. */
export function plainAddress(address: string): string {
  const mapped = isIP(address) === 6 ? MAPPED.exec(urlHost(address)) : null;
  if (mapped === null) return address;
  const groups = mapped.slice(1).map((group) => Number.parseInt(group, 16));
  return groups.flatMap((group) => [group >> 8, group & 255]).join('.');
}

/**
 * What a Content-Security-Policy calls the origins of these URLs. It has no words for an IPv6 address, and browsers pass
 * over a source that has one: there any host on that port is allowed.
 */
export function policySources(urls: readonly string[]): readonly string[] {
  const sources = urls.map((url) => {
    const { origin, hostname, protocol, port } = new URL(url);
    return hostname.startsWith('[') ? `${protocol}//*${port && `:${port}`}` : origin;
  });
  return [...new Set(sources)];
}
