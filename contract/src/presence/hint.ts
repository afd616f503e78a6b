import { z } from 'zod';
import { Id } from '../ids.ts';

/**
 * A hint between processes to read something again, which every instance also does periodically: the presence of a
 * person, or of all people if the id is null; or the people whom a stream watches, for the instance that has the stream.
 */
export const PresenceHint = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('presence.changed'), userId: Id.nullable() }),
  z.object({ kind: z.literal('presence.watched'), instanceId: Id, streamId: z.guid() }),
]);
export type PresenceHint = z.infer<typeof PresenceHint>;
