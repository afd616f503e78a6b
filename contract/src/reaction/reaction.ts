import { z } from 'zod';
import { OutputId } from '../ids.ts';

/** What people reacted with, and how many: `userIds` are the first ten of them. */
export const Reaction = z.object({ emoji: z.string(), count: z.int().positive(), userIds: z.array(OutputId) });
export type Reaction = z.infer<typeof Reaction>;
