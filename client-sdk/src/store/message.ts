import type { Message } from '../wire.ts';
import { changeChat, withMessage, withoutContent } from './chat.ts';
import type { EventOf, Known, Reducers } from './reducer.ts';
import { Versioned } from './versioned.ts';

/** A message is replaced by one of a later change; what can change alone has its line in `parts`. */
export const messages = new Versioned<Message, 'reactions' | 'myReactions'>({
  version: 'version',
  parts: { reactions: { keys: ['reactions'] }, myReactions: { keys: ['myReactions'] } },
});

export const messageReducers: Reducers<'message'> = {
  'message.created': putMessage,
  'message.updated': putMessage,
  'message.reacted'({ windows, userId }, event) {
    windows.get(event.chatId)?.change(event.messageId, (message) => withReaction(message, event, userId));
    return undefined;
  },
  'message.deleted'(known, event) {
    known.windows.get(event.chatId)?.remove(event.messageId);
    return changeChat(known, event.chatId, (row) => withoutContent(row, event));
  },
};

/** What differs by reader is in no event: it stays what a read and the person's own reactions have made it. */
function putMessage(known: Known, { chatId, seq, message }: EventOf<'message.created' | 'message.updated'>): undefined {
  known.windows.get(chatId)?.put(messages.without(message, 'myReactions'));
  changeChat(known, chatId, (row) => withMessage(row, seq, message, known.userId));
}

/** All reactions as they are now, and what the person's own ones have become. */
function withReaction(
  message: Message,
  { version, reactions, userId, emoji, isAdded }: EventOf<'message.reacted'>,
  ownId: string,
): Message {
  const next = messages.part(message, 'reactions', version, { reactions });
  if (userId !== ownId) return next;
  const others = message.myReactions.filter((own) => own !== emoji);
  return messages.part(next, 'myReactions', version, { myReactions: isAdded ? [...others, emoji] : others });
}
