import { z } from 'zod';
import { defineEvent } from '../event/define.ts';
import { Id, Seq } from '../ids.ts';
import { Reaction } from './reaction.ts';

export const reactionEvents = [
  defineEvent({
    kind: 'message.reacted',
    code: 4,
    scope: 'chat',
    needs: ['message'],
    changes: ['message'],
    facts: z.object({ userId: Id, emoji: z.string(), isAdded: z.boolean() }),
    /** All reactions at the time of delivery, and the person who changed one; `version` is the event's own seq. */
    shape: {
      messageId: Id,
      threadId: Id.nullable(),
      version: Seq,
      reactions: z.array(Reaction),
      userId: Id,
      emoji: z.string(),
      isAdded: z.boolean(),
    },
    read: ({ subjectId, seq, message: { reactions = [], threadId = null }, facts }) => ({
      messageId: subjectId,
      threadId,
      version: seq,
      reactions,
      ...facts,
    }),
    plain: (e) => ({ event: 'message_reacted', data: { chat_id: e.chatId, message_id: e.messageId, seq: e.seq } }),
  }),
] as const;
