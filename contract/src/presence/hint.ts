import { z } from 'zod';
import { Id } from '../ids.ts';

/**
 * What processes tell each other: something is to be read again, which every instance reads now and then anyway. The
 * presence of a person, or of everybody where the id is null; or whose presence a stream watches, for the instance that
 * has it.
 */
export const PresenceHint = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('presence.changed'), userId: Id.nullable() }),
  z.object({ kind: z.literal('presence.watched'), instanceId: Id, streamId: z.guid() }),
]);
export type PresenceHint = z.infer<typeof PresenceHint>;
