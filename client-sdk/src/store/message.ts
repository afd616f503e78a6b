import type { Message, ThreadSummary } from '../wire.ts';
import { changeChat, withMessage, withoutContent } from './chat.ts';
import type { EventOf, Known, Reducers } from './reducer.ts';
import { Versioned } from './versioned.ts';

/** A message is replaced by one with a higher version; keys that can change alone are listed in `parts`. */
export const messages = new Versioned<Message, 'reactions' | 'pin' | 'thread' | 'myReactions'>({
  version: 'version',
  parts: {
    reactions: { keys: ['reactions'] },
    pin: { keys: ['pinnedAt'] },
    myReactions: { keys: ['myReactions'] },
    thread: { keys: ['thread'], version: ({ thread }) => thread?.version ?? 0 },
  },
});

export const messageReducers: Reducers<'message'> = {
  'message.created': putMessage,
  'message.updated': putMessage,
  'message.reacted'({ windows, userId }, event) {
    windows.get(event.chatId)?.change(event.messageId, (message) => withReaction(message, event, userId));
    return undefined;
  },
  'message.pinned': changePin,
  'message.unpinned': changePin,
  'message.deleted'(known, event) {
    if (event.threadId !== null) return putThread(known, event.chatId, event.threadId, event.thread);
    known.windows.get(event.chatId)?.remove(event.messageId);
    return changeChat(known, event.chatId, (row) => withoutContent(row, event));
  },
};

/** Events do not contain what differs by reader: that stays as reads and the person's own reactions have set it. */
function putMessage(known: Known, event: EventOf<'message.created' | 'message.updated'>): undefined {
  const { chatId, seq, message, thread } = event;
  // A reply is counted by its thread alone.
  if (message.threadId !== null) return putThread(known, chatId, message.threadId, thread);
  known.windows.get(chatId)?.put(messages.without(message, 'myReactions'));
  return changeChat(known, chatId, (row) => withMessage(row, seq, message, known.userId));
}

function changePin({ windows }: Known, event: EventOf<'message.pinned' | 'message.unpinned'>): undefined {
  windows.get(event.chatId)?.change(event.messageId, (message) => withPin(message, event));
}

/** Says whether a message is pinned. */
export const withPin = (
  message: Message,
  { version, pinnedAt }: EventOf<'message.pinned' | 'message.unpinned'>,
): Message => messages.part(message, 'pin', version, { pinnedAt });

/** A reply has come or gone: its root shows so. */
function putThread(
  { windows }: Known,
  chatId: string,
  rootId: string,
  thread: ThreadSummary | null | undefined,
): undefined {
  if (!thread) return;
  windows.get(chatId)?.change(rootId, (root) => messages.part(root, 'thread', thread.version, { thread }));
}

/** Replaces all reactions, and updates the person's own ones. */
export function withReaction(
  message: Message,
  { version, reactions, userId, emoji, isAdded }: EventOf<'message.reacted'>,
  ownId: string,
): Message {
  const next = messages.part(message, 'reactions', version, { reactions });
  if (userId !== ownId) return next;
  const others = message.myReactions.filter((own) => own !== emoji);
  return messages.part(next, 'myReactions', version, { myReactions: isAdded ? [...others, emoji] : others });
}

/** A sender has another name or picture. */
export function withSender(message: Message, { id, name, avatarUrl }: Message['sender']): Message {
  const { sender } = message;
  if (sender.id !== id || (sender.name === name && sender.avatarUrl === avatarUrl)) return message;
  return messages.patch(message, { sender: { ...sender, name, avatarUrl } });
}
