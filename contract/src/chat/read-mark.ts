import { z } from 'zod';
import { Seq } from '../ids.ts';
import { ChatRef } from './chat.ts';

/** Up to an event of the chat, by its `seq`, or up to a message, by its `number`. */
export const MarkRead = ChatRef.extend({ seq: Seq.optional(), number: Seq.optional() }).refine(
  ({ seq, number }) => (seq === undefined) !== (number === undefined),
  'Give `seq` or `number`: one of the two.',
);

/**
 * How far a person has read a chat. `markVersion` rises whenever the person moves the mark, in either direction, and
 * `markSeq` is the chat's seq at that time: a mark replaces any with a lower version. A message of the person's own with
 * a seq above `markSeq` has moved the mark up to itself, and leaves the version as it is.
 * `mentionNumbers` are the numbers of the unread messages that mention the person, the first 100.
 */
export const ReadMark = z.object({
  unreadCount: Seq,
  lastReadSeq: Seq,
  lastReadNumber: Seq,
  markVersion: Seq,
  markSeq: Seq,
  mentionNumbers: z.array(Seq),
});
export type ReadMark = z.infer<typeof ReadMark>;
