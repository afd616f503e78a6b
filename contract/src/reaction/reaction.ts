import { z } from 'zod';
import { OutputId } from '../ids.ts';

/** An emoji that people reacted with, and how many they are: `userIds` are the first ten of them. */
export const Reaction = z.object({ emoji: z.string(), count: z.int().positive(), userIds: z.array(OutputId) });
export type Reaction = z.infer<typeof Reaction>;
