const SLOT_MS = 900_000;
const SLOTS_MAX = 10_000;

/** A local date and time; months from 1. */
export interface LocalTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

/**
 * Converts local times of a time zone to milliseconds since 1970. A time that occurs twice, when clocks are put back, is
 * the first that is not before `notBeforeMs`; one that is skipped is as much later as the clocks are put forward.
 */
export function localTimeReader(timeZone: string): (local: LocalTime, notBeforeMs?: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'iso8601',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const offsets = new Map<number, number>();
  /** How far local time is ahead, in ms; it changes at quarters of an hour only. */
  const offsetAt = (ms: number): number => {
    const slot = Math.floor(ms / SLOT_MS);
    const known = offsets.get(slot);
    if (known !== undefined) return known;
    const parts = Object.fromEntries(
      format.formatToParts(slot * SLOT_MS).map(({ type, value }) => [type, Number(value)]),
    );
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
    const offset = Date.UTC(year, month - 1, day, hour, minute, second) - slot * SLOT_MS;
    if (offsets.size >= SLOTS_MAX) offsets.clear();
    offsets.set(slot, offset);
    return offset;
  };
  return ({ year, month, day, hour, minute, second }, notBeforeMs = Number.NEGATIVE_INFINITY) => {
    const asUtc = Date.UTC(year, month - 1, day, hour, minute, second);
    const [before, after] = [offsetAt(asUtc - 86_400_000), offsetAt(asUtc + 86_400_000)];
    const candidates = [...new Set([before, after])]
      .map((offset) => asUtc - offset)
      .filter((ms) => offsetAt(ms) === asUtc - ms)
      .sort((a, b) => a - b);
    return candidates.find((ms) => ms >= notBeforeMs) ?? candidates.at(-1) ?? asUtc - before;
  };
}
