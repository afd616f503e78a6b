import { defineEvent } from '../event/define.ts';
import { Id } from '../ids.ts';

const ofSaved = <const Kind extends string>(kind: Kind, code: number, event: string) =>
  defineEvent({
    kind,
    code,
    scope: 'user',
    shape: { chatId: Id, messageId: Id },
    read: ({ chatId, subjectId }) => ({ chatId, messageId: subjectId }),
    plain: (e) => ({ event, data: { chat_id: e.chatId, message_id: e.messageId } }),
  });

export const savedEvents = [
  ofSaved('message.saved', 7, 'message_saved'),
  ofSaved('message.unsaved', 8, 'message_unsaved'),
] as const;
