import { z } from 'zod';
import { Id, OutputId } from '../ids.ts';
import { limits } from '../limits.ts';
import { StatusText } from '../text.ts';

/** A custom status: an emoji, a text, or both; null `expiresAt`: until it is changed. */
export const CustomStatus = z.object({
  emoji: z.string().nullable(),
  text: z.string().nullable(),
  expiresAt: z.date().nullable(),
});
export type CustomStatus = z.infer<typeof CustomStatus>;

/**
 * A person's presence: `online` with a stream and activity within 5 minutes, `idle` with a stream alone, otherwise
 * `offline`. People with whom you share no workspace are offline and have no custom status.
 */
export const Presence = z.object({
  userId: OutputId,
  presence: z.enum(['online', 'idle', 'offline']),
  customStatus: CustomStatus.nullable(),
});
export type Presence = z.infer<typeof Presence>;

export const PresenceInput = z.object({ userIds: z.array(Id).min(1).max(limits.presenceIdsMax) });
export const PresenceList = z.object({ presences: z.array(Presence) });
export const ActivitySet = z.object({ isActive: z.boolean() });
/** Without any key: removes the custom status. */
export const StatusSet = z
  .object({
    emoji: z.string().min(1).max(limits.emojiMaxChars).optional(),
    text: StatusText.optional(),
    expiresInSeconds: z.int().min(1).max(limits.statusMaxSeconds).optional(),
  })
  .refine(
    ({ emoji, text, expiresInSeconds }) => expiresInSeconds === undefined || emoji !== undefined || text !== undefined,
    'Give `emoji` or `text` where you give `expiresInSeconds`.',
  );
/**
 * The people whose presence a stream receives, starting with their present state; replaces those of the previous call.
 */
export const PresenceWatch = z.object({
  streamId: z.string().max(64),
  userIds: z.array(Id).max(limits.presenceWatchedMax),
});
