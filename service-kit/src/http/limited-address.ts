import { BlockList, isIPv4, isIPv6 } from 'node:net';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

export const isLoopback = (address: string): boolean => loopback.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');

/** The key by which an address is counted: for IPv6 its /64, because one customer has all addresses of a /64. */
export const limitedAddress = (address: string): string => networksOf(address)[0];

/**
 * The networks of an address, smallest first. Providers give a household a /64 or a /56, and a company or a rented
 * server a /48. For IPv4 they give single addresses, or a /24 to customers who pay for it.
 */
export function networksOf(address: string): readonly [string, ...string[]] {
  if (!isIPv4(address)) return isIPv6(address) ? networksOfV6(address) : [address];
  return [address, `${address.slice(0, address.lastIndexOf('.'))}.0/24`];
}

function networksOfV6(address: string): readonly [string, ...string[]] {
  const [head = '', tail] = address.split('%', 1)[0]?.split('::') ?? [];
  const before = groupsOf(head);
  const after = tail === undefined ? [] : groupsOf(tail);
  // An embedded IPv4 address takes the place of two groups.
  const given = before.length + after.length + (address.includes('.') ? 1 : 0);
  const zeros = Array.from({ length: Math.max(0, 8 - given) }, () => '0');
  const groups = [...before, ...(tail === undefined ? [] : zeros), ...after].map((group) => Number.parseInt(group, 16));
  const [a = 0, b = 0, c = 0, d = 0] = groups;
  return [`${written(a, b, c, d)}::/64`, `${written(a, b, c, d & 0xff00)}::/56`, `${written(a, b, c)}::/48`];
}

const written = (...kept: number[]) => kept.map((group) => group.toString(16)).join(':');
const groupsOf = (part: string): string[] => (part === '' ? [] : part.split(':'));
