import { z } from 'zod';

/** Which messages of a chat notify a person. */
export const NotifyLevel = z.enum(['All', 'Mentions', 'Nothing']);
export type NotifyLevel = z.infer<typeof NotifyLevel>;

/** What a person has chosen for a chat: null is the default; a `mutedUntil` that has passed reads as null. */
export const ChatPreferences = z.object({ notifyLevel: NotifyLevel.nullable(), mutedUntil: z.date().nullable() });
export type ChatPreferences = z.infer<typeof ChatPreferences>;
