import { z } from 'zod';
import { Id, OutputSeq, Seq } from '../ids.ts';
import { Message } from '../message/message.ts';
import { NextCursor, pageInput } from '../page.ts';

/**
 * How far a person has read a thread. `following` and `lastReadNumber` replace those with a lower `markVersion`, which
 * rises whenever the person moves the mark, follows or unfollows. `markSeq` is the chat's seq at that time: a reply of
 * the person's own with a higher seq has moved the mark up to itself. Without following, everything counts as read.
 * `mentionNumbers` are the numbers of unread replies that mention the person.
 */
export const ThreadMark = z.object({
  following: z.boolean(),
  lastReadNumber: OutputSeq,
  markVersion: OutputSeq,
  markSeq: OutputSeq,
  unreadCount: OutputSeq,
  mentionNumbers: z.array(OutputSeq),
});
export type ThreadMark = z.infer<typeof ThreadMark>;

/** A thread as one person sees it: the root, and how far the person has read. */
export const Thread = z.object({ root: Message, ...ThreadMark.shape });
export type Thread = z.infer<typeof Thread>;
/** A thread on the wire: empty keys of its root are left out. */
export type WireThread = z.input<typeof Thread>;

export const ThreadRef = z.object({ chatId: Id, rootId: Id });
export const ThreadMarkRead = ThreadRef.extend({ number: Seq });
export const ThreadListInput = z.object({ workspaceId: Id, unread: z.boolean().optional(), ...pageInput });
export const ThreadList = z.object({ threads: z.array(Thread), nextCursor: NextCursor });
