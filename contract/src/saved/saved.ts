import { z } from 'zod';
import { Message } from '../message/message.ts';
import { NextCursor, pageInput } from '../page.ts';

/** A message that a person has saved for themselves. */
export const SavedMessage = z.object({ message: Message, savedAt: z.date() });
export type SavedMessage = z.infer<typeof SavedMessage>;

export const SavedPage = z.object(pageInput).optional();
/** The latest saved first. */
export const SavedList = z.object({ saved: z.array(SavedMessage), nextCursor: NextCursor });
