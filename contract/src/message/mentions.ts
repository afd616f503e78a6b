import { z } from 'zod';
import { OutputId } from '../ids.ts';

/**
 * The people whom a message mentions: members of its chat whose `<@userId>` is in the content, in order of appearance,
 * at most 50 and never its sender; and whether it mentions everyone, by `<!everyone>`.
 */
export const Mentions = z.object({ userIds: z.array(OutputId), everyone: z.boolean() });
export type Mentions = z.infer<typeof Mentions>;
