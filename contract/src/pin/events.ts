import { z } from 'zod';
import { defineEvent } from '../event/define.ts';
import { Id, Seq } from '../ids.ts';

const ofPin = <const Kind extends string>(kind: Kind, code: number, event: string) =>
  defineEvent({
    kind,
    code,
    scope: 'chat',
    needs: ['message'],
    changes: ['message'],
    facts: z.object({ userId: Id }),
    /** Whether it is pinned at the time of delivery, and who changed that; `version` is the event's own seq. */
    shape: {
      messageId: Id,
      threadId: Id.nullable(),
      version: Seq,
      pinnedAt: z.date().nullable(),
      userId: Id,
    },
    read: ({ subjectId, seq, message: { pinnedAt = null, threadId = null }, facts }) => ({
      messageId: subjectId,
      threadId,
      version: seq,
      pinnedAt,
      ...facts,
    }),
    plain: (e) => ({ event, data: { chat_id: e.chatId, message_id: e.messageId, seq: e.seq } }),
  });

export const pinEvents = [
  ofPin('message.pinned', 5, 'message_pinned'),
  ofPin('message.unpinned', 6, 'message_unpinned'),
] as const;
