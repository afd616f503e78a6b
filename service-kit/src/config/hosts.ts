import { parseUrl } from '@fechatter/contract';
import { isIP } from 'node:net';

/**
 * A host as it is written in a URL: an IPv6 address in brackets and in canonical form, without a zone, which URLs do
 * not have.
 */
export function urlHost(host: string): string {
  const url = `http://${isIP(host) === 6 ? `[${host.split('%', 1)[0] ?? ''}]` : host}`;
  return parseUrl(url)?.hostname ?? host;
}

/** A `Host` header with an IPv6 address in canonical form, the only one that the adapter accepts. */
export function hostInOneForm(header: string): string {
  return parseUrl(`http://${header}`)?.host ?? header;
}

const EVERYWHERE = new Set(['0.0.0.0', '[::]', '[::ffff:0:0]']);

/** Whether listening on this host means listening on every address of the machine. */
export const isEverywhere = (host: string): boolean => EVERYWHERE.has(urlHost(host));

const MAPPED = /^\[::ffff:([\da-f]{1,4}):([\da-f]{1,4})\]$/;

/** An address without the IPv4-mapped IPv6 prefix that a dual-stack socket adds. */
export function plainAddress(address: string): string {
  const mapped = isIP(address) === 6 ? MAPPED.exec(urlHost(address)) : null;
  if (mapped === null) return address;
  const groups = mapped.slice(1).map((group) => Number.parseInt(group, 16));
  return groups.flatMap((group) => [group >> 8, group & 255]).join('.');
}

/**
 * The sources of a Content-Security-Policy for these URLs. A policy cannot name an IPv6 address, and browsers ignore a
 * source that has one, so then any host on that port is allowed.
 */
export function policySources(urls: readonly string[]): readonly string[] {
  const sources = urls.map((url) => {
    const { origin, hostname, protocol, port } = new URL(url);
    return hostname.startsWith('[') ? `${protocol}//*${port && `:${port}`}` : origin;
  });
  return [...new Set(sources)];
}
