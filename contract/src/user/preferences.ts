import { z } from 'zod';
import { Id, OutputId } from '../ids.ts';
import { TimeZone } from '../time-zone.ts';

const CLOCK = /^(?:[01][0-9]|2[0-3]):[0-5][0-9]$/;
const DAYS = 7;

const Clock = z.string().max(5).regex(CLOCK, 'must be a time like 22:00');

/**
 * When nothing is pushed: from one time of the day to another (of the next day, if that is earlier), on the days on
 * which it begins (1 is Monday), in a time zone by its IANA name.
 */
export const QuietHours = z.object({
  from: Clock,
  to: Clock,
  days: z
    .array(z.int().min(1).max(DAYS))
    .min(1)
    .max(DAYS)
    .refine((days) => new Set(days).size === days.length, 'must name each day once'),
  timeZone: TimeZone,
});
export type QuietHours = z.infer<typeof QuietHours>;

/**
 * What a person has chosen for themselves. Presence and receipts are shown by default; message content in pushes is
 * not. A person who hides their receipts does not see those of others.
 */
export const Preferences = z.object({
  showPresence: z.boolean(),
  showReceipts: z.boolean(),
  pushPreviews: z.boolean(),
  quietHours: QuietHours.nullable(),
  /** Changed by `user.block` and `user.unblock`; no one else learns of it. */
  blockedUserIds: z.array(OutputId),
});
export type Preferences = z.infer<typeof Preferences>;

export const PreferencesSet = z.object({
  showPresence: z.boolean().optional(),
  showReceipts: z.boolean().optional(),
  pushPreviews: z.boolean().optional(),
  quietHours: QuietHours.nullable().optional(),
});
export const UserRef = z.object({ userId: Id });
