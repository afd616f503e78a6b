import { z } from 'zod';
import { OutputId } from '../ids.ts';

/** An emoji, and how many people reacted with it: `userIds` are the first ten of them. */
export const Reaction = z.object({ emoji: z.string(), count: z.int().positive(), userIds: z.array(OutputId) });
export type Reaction = z.infer<typeof Reaction>;
