import { isIP } from 'node:net';
import { addressList } from '../config/address-settings.ts';
import { plainAddress } from '../config/hosts.ts';
import type { ShellContext } from './shell-env.ts';

/** The proxies whose `x-forwarded-for` is trusted. */
export interface TrustedProxies {
  readonly has: (address: string) => boolean;
}

const HOPS_MAX = 32;
/** A call inside the process has no socket; a socket that is gone has no address. */
const IN_PROCESS = '127.0.0.1';
const GONE = '0.0.0.0';

/** Parses the `server.trustedProxies` setting. */
export function trustedProxies(ranges: readonly string[]): TrustedProxies {
  if (ranges.length === 0) return { has: () => false };
  const list = addressList(ranges);
  return { has: (address) => list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4') };
}

/** The address in one hop of `x-forwarded-for`, without port, brackets and the IPv6 form of an IPv4 address. */
function addressIn(hop: string): string | undefined {
  const bare = hop.trim().replace(/^\[([^\]]*)\](?::\d+)?$/, '$1');
  const address = /^[\d.]+:\d+$/.test(bare) ? bare.slice(0, bare.indexOf(':')) : bare;
  return isIP(address) === 0 ? undefined : plainAddress(address);
}

/**
 * The caller's address: that of the socket or, behind trusted proxies, the right-most address that is not one of them.
 * Anything further left was written by the caller and is not trusted.
 */
export function clientAddress(c: ShellContext, proxies: TrustedProxies): string {
  const { incoming } = c.env ?? {};
  if (!incoming) return IN_PROCESS;
  let address = addressIn(incoming.socket.remoteAddress ?? '') ?? GONE;
  if (!proxies.has(address)) return address;
  const hops = (c.req.header('x-forwarded-for') ?? '').split(',').slice(-HOPS_MAX);
  for (const hop of hops.toReversed()) {
    const next = addressIn(hop);
    if (next === undefined) return address;
    address = next;
    if (!proxies.has(address)) return address;
  }
  return address;
}
