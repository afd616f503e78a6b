import { z } from 'zod';

const NAME = /^[A-Za-z][A-Za-z0-9_+-]*(?:\/[A-Za-z0-9_+-]+)*$/;
const MAX_CHARS = 64;

function isTimeZone(name: string): boolean {
  if (!NAME.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** An IANA time zone, such as `Europe/Berlin`. */
export const TimeZone = z.string().max(MAX_CHARS).refine(isTimeZone, 'Give a time zone like Europe/Berlin.');
