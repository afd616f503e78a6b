import { z } from 'zod';
import { limits } from '../limits.ts';
import { MessageRef } from '../message/message.ts';
import { NextCursor, pageInput } from '../page.ts';
import { User } from '../user/user.ts';

/** One emoji on one message: a Unicode emoji, or `:name:` of one of the workspace's own. */
export const ReactionRef = MessageRef.extend({ emoji: z.string().min(1).max(limits.emojiMaxChars) });
export const ReactorPage = ReactionRef.extend(pageInput);
/** The people who reacted with it, first to last. */
export const ReactorList = z.object({ users: z.array(User), nextCursor: NextCursor });
