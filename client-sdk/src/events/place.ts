const TOKEN = /^[A-Za-z0-9_-]{18}$/;
const VERSION = '\u0001';

/**
 * Compares two positions in the log: negative, zero or positive. Undefined if that cannot be known, as for a token of
 * another release. Only valid between positions that the service has accepted at the same time; apps must treat tokens
 * as opaque.
 */
export function comparePlaces(one: string | undefined, other: string | undefined): number | undefined {
  if (one === other) return one === undefined ? undefined : 0;
  const [first, second] = [positionOf(one), positionOf(other)];
  if (first === undefined || second === undefined || first === second) return undefined;
  return first < second ? -1 : 1;
}

/** Eight bytes, the highest first: as text they sort as the numbers do. */
function positionOf(token: string | undefined): string | undefined {
  if (token === undefined || !TOKEN.test(token)) return undefined;
  const bytes = atob(token.replaceAll('-', '+').replaceAll('_', '/'));
  return bytes.startsWith(VERSION) ? bytes.slice(1, 9) : undefined;
}
