import { z } from 'zod';
import { OutputId } from '../ids.ts';

/**
 * Whom a message mentions: members of its chat whose `<@userId>` is in the content, in the order in which they come, at
 * most 50 and never its sender; and whether it mentions everyone, by `<!everyone>`.
 */
export const Mentions = z.object({ userIds: z.array(OutputId), everyone: z.boolean() });
export type Mentions = z.infer<typeof Mentions>;
