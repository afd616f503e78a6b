import { z } from 'zod';
import { Id, Seq } from '../ids.ts';
import { Limit } from '../page.ts';
import { Content } from '../text.ts';
import { MemberUser, Sender } from '../user/user.ts';

/**
 * `number` counts messages in a chat, `seq` every event in it, `version` is the seq of the message's last change.
 * `clientId` is what its sender's client called it: for everyone, so that a client knows the echo of what it sent.
 */
export const Message = z.object({
  id: Id,
  chatId: Id,
  seq: Seq,
  number: Seq,
  version: Seq,
  clientId: Id,
  content: z.string(),
  sender: Sender,
  createdAt: z.date(),
  editedAt: z.date().nullable(),
  deletedAt: z.date().nullable(),
});
export type Message = z.infer<typeof Message>;

export const MessageSend = z.object({ chatId: Id, content: Content, clientId: Id.optional() });
export const MessageRef = z.object({ chatId: Id, messageId: Id });
export const MessageEdit = MessageRef.extend({ content: Content });
export const MessageListInput = z.object({
  chatId: Id,
  limit: Limit.optional(),
  before: Id.optional(),
  after: Id.optional(),
});
/** Newest first, also with `after`; `hasMore` speaks of the direction that was asked for. */
export const MessageList = z.object({ messages: z.array(Message), hasMore: z.boolean() });
/** Who has read a message, its sender left out, in a fixed order: at most as many as a chat with receipts has members. */
export const MessageReaders = z.object({ users: z.array(MemberUser) });
