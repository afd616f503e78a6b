import { z } from 'zod';
import { Id } from '../ids.ts';

/** What people reacted with, and how many: `userIds` are the first ten of them. */
export const Reaction = z.object({ emoji: z.string(), count: z.int().positive(), userIds: z.array(Id) });
export type Reaction = z.infer<typeof Reaction>;
