import type { Event } from '../events/event.ts';
import type { Message } from '../wire.ts';
import { changeChat, withMessage, withoutContent } from './chat.ts';
import type { EventOf, Known, Reducers } from './reducer.ts';
import { isShownAs, shownAs } from './sender.ts';
import { Versioned } from './versioned.ts';

/** A message is replaced by one with a higher version; keys that can change alone are listed in `parts`. */
export const messages = new Versioned<Message, 'reactions' | 'pin' | 'files' | 'thread' | 'myReactions' | 'saved'>({
  version: 'version',
  parts: {
    reactions: { keys: ['reactions'] },
    pin: { keys: ['pinnedAt'] },
    files: { keys: ['files'] },
    myReactions: { keys: ['myReactions'] },
    thread: { keys: ['thread'], version: ({ thread }) => thread?.version ?? 0 },
    // Has no version: the first read sets it, and then events in order.
    saved: { keys: ['isSaved'], version: () => 0 },
  },
});

export const messageReducers: Reducers<'message'> & Reducers<'file'> = {
  'message.created': takeMessage,
  'message.updated': takeMessage,
  'message.reacted': takeInWindows,
  'message.pinned': takeInWindows,
  'message.unpinned': takeInWindows,
  'file.updated': takeInWindows,
  'message.saved': takeInWindows,
  'message.unsaved': takeInWindows,
  'message.deleted'(known, event) {
    takeInWindows(known, event);
    // A reply is counted only by its thread.
    return event.threadId === null ? changeChat(known, event.chatId, (row) => withoutContent(row, event)) : undefined;
  },
};

function takeMessage(known: Known, event: EventOf<'message.created' | 'message.updated'>): undefined {
  takeInWindows(known, event);
  const { chatId, seq, message } = event;
  return message.threadId === null
    ? changeChat(known, chatId, (row) => withMessage(row, seq, message, known.userId))
    : undefined;
}

function takeInWindows({ windows, userId }: Known, event: Extract<Event, { readonly chatId: string }>): undefined {
  for (const window of windows.values()) if (window.chatId === event.chatId) window.take(event, userId);
}

/** Sets whether a message is pinned. */
export const withPin = (
  message: Message,
  { version, pinnedAt }: EventOf<'message.pinned' | 'message.unpinned'>,
): Message => messages.part(message, 'pin', version, { pinnedAt });

/** Shows one of its files as it is now. */
export const withFile = (message: Message, { version, file }: EventOf<'file.updated'>): Message =>
  messages.part(message, 'files', version ?? 0, {
    files: message.files.map((known) => (known.id === file.id ? file : known)),
  });

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
export function withSender(message: Message, now: Message['sender']): Message {
  const { sender } = message;
  if (sender.id !== now.id || isShownAs(sender, now)) return message;
  return messages.patch(message, { sender: shownAs(sender, now) });
}

/** Sets whether the person has saved a message. */
export const withSaved = (message: Message, isSaved: boolean): Message =>
  message.isSaved === isSaved ? message : messages.patch(message, { isSaved });
