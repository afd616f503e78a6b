import { z } from 'zod';
import { Id, OutputId, OutputSeq, Seq } from '../ids.ts';
import { limits } from '../limits.ts';
import { Limit } from '../page.ts';
import { Content } from '../text.ts';
import { emptyOfMessage } from './filled.ts';
import { leftOut } from '../left-out.ts';
import { Reaction } from '../reaction/reaction.ts';
import { MemberUser, Sender } from '../user/user.ts';

/**
 * `number` counts messages in a chat, `seq` every event in it, `version` is the seq of the message's last change.
 * `clientId` is what its sender's client called it: for everyone, so that a client knows the echo of what it sent.
 */
export const Message = z.object({
  id: OutputId,
  chatId: OutputId,
  seq: OutputSeq,
  number: OutputSeq,
  version: OutputSeq,
  clientId: OutputId,
  content: z.string(),
  sender: Sender,
  createdAt: z.date(),
  editedAt: z.date().nullable(),
  deletedAt: z.date().nullable(),
  ...leftOut(
    {
      /** In the order in which they were first used, at most 20 kinds. */
      reactions: z.array(Reaction),
      /** What the caller reacted with, as of `version`: in reads, never in events. */
      myReactions: z.array(z.string()),
    },
    emptyOfMessage,
  ),
});
export type Message = z.infer<typeof Message>;
/** A message as it is on the wire: keys with nothing in them are left out. */
export type WireMessage = z.input<typeof Message>;

export const MessageSend = z.object({ chatId: Id, content: Content, clientId: Id.optional() });
export const MessageRef = z.object({ chatId: Id, messageId: Id });
export const MessageEdit = MessageRef.extend({ content: Content });
/** One place at most: next to a message, around one, around the message of a number, or certain messages. */
export const MessageListInput = z.object({
  chatId: Id,
  limit: Limit.optional(),
  before: Id.optional(),
  after: Id.optional(),
  around: Id.optional(),
  aroundNumber: Seq.optional(),
  ids: z.array(Id).min(1).max(limits.messageIdsMax).optional(),
});
/**
 * Newest first, also with `after`; `hasMore` speaks of the direction that was asked for. Of a page around a message
 * `hasBefore` and `hasAfter` say what lies on each side, and `hasMore` is true if either does.
 */
export const MessageList = z.object({
  messages: z.array(Message),
  hasMore: z.boolean(),
  hasBefore: z.boolean().optional(),
  hasAfter: z.boolean().optional(),
});
/** Who has read a message, its sender left out, in a fixed order: at most as many as a chat with receipts has members. */
export const MessageReaders = z.object({ users: z.array(MemberUser) });
