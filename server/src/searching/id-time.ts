/**
 * Ids of messages begin with the milliseconds at which a server made them, a moment before the message was written. A
 * search by time reads this much further, and the message's own time decides.
 */
const LEEWAY_MS = 120_000;
const FIRST_TAIL = '0000-0000-000000000000';
const LAST_TAIL = 'ffff-ffff-ffffffffffff';

/** A bound for ids: all messages after this time have higher ids (`first`), or all before it lower ones (`last`). */
export function idAt(timeMs: number | null, end: 'first' | 'last'): string {
  if (timeMs === null) return end === 'first' ? '00000000-0000-0000-0000-000000000000' : `ffffffff-ffff-${LAST_TAIL}`;
  const bounded = Math.max(0, Math.min(0xffff_ffff_ffff, timeMs + (end === 'first' ? -LEEWAY_MS : LEEWAY_MS)));
  const hex = Math.round(bounded).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-${end === 'first' ? FIRST_TAIL : LAST_TAIL}`;
}

/** The time at which an id was made. */
export const timeOfId = (id: string): Date => new Date(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16));
