import { z } from 'zod';
import { defineEvent } from '../event/define.ts';
import { Id, Seq } from '../ids.ts';
import { File } from './shown-file.ts';

export const fileEvents = [
  defineEvent({
    kind: 'file.updated',
    code: 9,
    scope: 'file',
    needs: ['file'],
    changes: ['file'],
    facts: z.object({ messageId: Id.optional() }),
    /**
     * The file at the time of delivery. `version` is the event's own seq; both it and `messageId` are null for a file that
     * was not sent: only its uploader receives that event.
     */
    shape: { messageId: Id.nullable(), version: Seq.nullable(), file: File },
    read: ({ seq, file, facts: { messageId = null } }) => ({
      messageId,
      version: messageId === null ? null : seq,
      file,
    }),
    plain: ({ chatId, messageId, seq, file }) => ({
      event: 'file_update',
      data: {
        chat_id: chatId,
        file_id: file.id,
        ...(messageId !== null && { message_id: messageId }),
        ...(seq !== undefined && { seq }),
      },
    }),
  }),
] as const;
