/** No chat is older, and a time that is later than tomorrow is none. */
const OLDEST_US = Date.UTC(1980, 0) * 1_000;
const DAY_US = 86_400_000_000;

/** Whether a message can have been written at this time. */
export const isTime = (atUs: number): boolean =>
  Number.isSafeInteger(atUs) && atUs >= OLDEST_US && atUs < Date.now() * 1_000 + DAY_US;

/** A time of the source, in microseconds, as it can be stored; undefined for what is none. */
export const storableTime = (atUs: number | undefined): number | undefined =>
  atUs !== undefined && isTime(atUs) ? atUs : undefined;
