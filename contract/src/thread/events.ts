import { defineEvent } from '../event/define.ts';
import { Id } from '../ids.ts';
import { ThreadMark } from './thread.ts';

export const threadEvents = [
  defineEvent({
    kind: 'thread.read',
    code: 17,
    scope: 'user',
    needs: ['threadMark'],
    shape: { chatId: Id, rootId: Id, ...ThreadMark.shape },
    read: ({ chatId, subjectId, threadMark }) => ({ chatId, rootId: subjectId, ...threadMark }),
    plain: (e) => ({
      event: 'thread_read',
      data: {
        chat_id: e.chatId,
        root_id: e.rootId,
        following: e.following,
        last_read_number: e.lastReadNumber,
        mark_version: e.markVersion,
        mark_seq: e.markSeq,
        unread_count: e.unreadCount,
        mention_numbers: e.mentionNumbers,
      },
    }),
  }),
] as const;
