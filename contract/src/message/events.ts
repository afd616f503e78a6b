import { z } from 'zod';
import { defineEvent } from '../event/define.ts';
import { Id, Seq } from '../ids.ts';
import { ThreadSummary } from '../thread/summary.ts';
import { Message, withThread } from './message.ts';

interface OfMessage {
  readonly chatId: string;
  readonly seq: number;
  readonly message: { readonly id: string; readonly threadId?: string | null };
}
const ofMessage =
  (event: string) =>
  ({ chatId, seq, message: { id, threadId } }: OfMessage) => ({
    event,
    data: { chat_id: chatId, message_id: id, seq, ...ofThread(threadId) },
  });
const ofThread = (threadId?: string | null): Record<string, string> => (threadId ? { thread_id: threadId } : {});

/** `thread` is there if the message is a reply: the summary of its root, at the time of delivery. */
const shape = { message: Message, thread: ThreadSummary.optional() };

export const messageEvents = [
  defineEvent({
    kind: 'message.created',
    code: 1,
    scope: 'chat',
    needs: ['message'],
    shape,
    read: ({ message }) => withThread(message),
    plain: ofMessage('message'),
  }),
  defineEvent({
    kind: 'message.updated',
    code: 2,
    scope: 'chat',
    needs: ['message'],
    changes: ['message'],
    shape,
    read: ({ message }) => withThread(message),
    plain: ofMessage('message_updated'),
  }),
  defineEvent({
    kind: 'message.deleted',
    code: 3,
    scope: 'chat',
    needs: ['message'],
    changes: ['message'],
    /** `userId` deleted it. */
    facts: z.object({ threadId: Id.optional(), userId: Id.optional() }),
    /** `thread` is that of the message or, if it was a reply, that of its root. */
    shape: {
      messageId: Id,
      deletedAt: z.date(),
      number: Seq,
      threadId: Id.nullable(),
      thread: ThreadSummary.nullable(),
    },
    read: ({ message: { id, deletedAt, number, threadId = null, thread = null } }) => ({
      messageId: id,
      deletedAt: deletedAt ?? new Date(0),
      number,
      threadId,
      thread,
    }),
    plain: (e) => ({
      event: 'message_deleted',
      data: { chat_id: e.chatId, message_id: e.messageId, seq: e.seq, ...ofThread(e.threadId) },
    }),
  }),
] as const;
