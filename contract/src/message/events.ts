import { z } from 'zod';
import { defineEvent } from '../event/define.ts';
import { Id } from '../ids.ts';
import { Message } from './message.ts';

const ofMessage = (event: string) => (e: { chatId: string; seq: number; message: { id: string } }) => ({
  event,
  data: { chat_id: e.chatId, message_id: e.message.id, seq: e.seq },
});

export const messageEvents = [
  defineEvent({
    kind: 'message.created',
    code: 1,
    scope: 'chat',
    needs: ['message'],
    shape: { message: Message },
    read: ({ message }) => ({ message }),
    plain: ofMessage('message'),
  }),
  defineEvent({
    kind: 'message.updated',
    code: 2,
    scope: 'chat',
    needs: ['message'],
    changes: ['message'],
    shape: { message: Message },
    read: ({ message }) => ({ message }),
    plain: ofMessage('message_updated'),
  }),
  defineEvent({
    kind: 'message.deleted',
    code: 3,
    scope: 'chat',
    needs: ['message'],
    changes: ['message'],
    shape: { messageId: Id, deletedAt: z.date() },
    read: ({ message }) => ({ messageId: message.id, deletedAt: message.deletedAt ?? new Date(0) }),
    plain: (e) => ({ event: 'message_deleted', data: { chat_id: e.chatId, message_id: e.messageId, seq: e.seq } }),
  }),
] as const;
