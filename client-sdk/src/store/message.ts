import type { Message } from '../wire.ts';
import { changeChat, withMessage, withoutContent } from './chat.ts';
import type { EventOf, Known, Reducers } from './reducer.ts';
import { Versioned } from './versioned.ts';

/** A message is replaced by one of a later change; what can change alone has its line in `parts`. */
export const messages = new Versioned<Message>({ version: 'version', parts: {} });

export const messageReducers: Reducers<'message'> = {
  'message.created': putMessage,
  'message.updated': putMessage,
  'message.deleted'(known, event) {
    known.windows.get(event.chatId)?.remove(event.messageId);
    return changeChat(known, event.chatId, (row) => withoutContent(row, event));
  },
};

function putMessage(known: Known, { chatId, seq, message }: EventOf<'message.created' | 'message.updated'>): undefined {
  known.windows.get(chatId)?.put(message);
  changeChat(known, chatId, (row) => withMessage(row, seq, message, known.userId));
}
