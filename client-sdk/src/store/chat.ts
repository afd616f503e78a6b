import type { ChatRow, Message } from '../wire.ts';
import { afterOwn, laterMark, type Mark } from './mark.ts';
import { peopleOf } from './guest-view.ts';
import { lacksMentions, mentionNumbersOf, unreadMentions } from './mentions.ts';
import type { EventOf, Known, Reducers } from './reducer.ts';
import { Versioned } from './versioned.ts';

type PartName = 'role' | 'lastMessage' | 'mark' | 'mentions' | 'preferences';

/** A row contains everything up to its lastSeq. Its core is the chat itself; mark and mentions have their own rules. */
export const chatRows = new Versioned<ChatRow, PartName>({
  version: 'lastSeq',
  parts: {
    role: { keys: ['role'] },
    lastMessage: { keys: ['lastMessage', 'lastNumber'] },
    mark: { keys: ['lastReadSeq', 'lastReadNumber', 'markVersion', 'markSeq'], version: () => 0 },
    mentions: { keys: ['mentionNumbers'], version: () => 0 },
    preferences: { keys: ['notifyLevel', 'mutedUntil'], version: () => 0 },
  },
});

export const chatReducers: Reducers<'chat'> = {
  'chat.created': (known, { chatId, chat }) =>
    known.chats.has(chatId) ? undefined : { chatId, ...peopleOf(known, chat) },
  'chat.updated': (known, { chatId, seq, chat }) =>
    changeChat(known, chatId, (row) => chatRows.part(row, 'core', seq, chat)),
  'chat.purged'({ windows, userId }, event) {
    const { chatId } = event;
    for (const window of windows.values()) if (window.chatId === chatId) window.take(event, userId);
    return { chatId };
  },
  'chat.deleted'(known, { chatId }) {
    const people = peopleOf(known, known.chats.get(chatId));
    dropChat(known, chatId);
    return people;
  },
  'chat.preferences': (known, { chatId, notifyLevel, mutedUntil }) =>
    changeChat(known, chatId, (row) => chatRows.patch(row, { notifyLevel, mutedUntil })),
  'chat.read': (known, event) => changeChat(known, event.chatId, (row) => withMark(row, event)),
};

/** Replaces a row by the result of `change`, and recomputes the keys that depend on it. */
export function changeChat(
  { chats }: Pick<Known, 'chats'>,
  chatId: string,
  next: (row: ChatRow) => ChatRow,
): undefined {
  const row = chats.get(chatId);
  if (row === undefined) return;
  const changed = counted(next(row));
  if (changed !== row) chats.set(chatId, changed);
}

/** A read has shown a chat. Returns whether it must be read again, because the read is older than the known mark. */
export function putChat({ chats }: Pick<Known, 'chats'>, row: ChatRow): boolean {
  const known = chats.get(row.id);
  if (known === undefined) {
    chats.set(row.id, counted(row));
    return false;
  }
  const latest = row.lastSeq >= known.lastSeq ? row : known;
  const merged = withMark(chatRows.whole(known, row), row);
  // Events that arrived during the read are applied again; a read contains the newest preferences.
  const { notifyLevel, mutedUntil } = row;
  const next = counted(chatRows.patch(merged, { mentionNumbers: latest.mentionNumbers, notifyLevel, mutedUntil }));
  chats.set(row.id, next);
  return lacksMentions(latest, next);
}

/** Computes the keys that depend on the read mark. */
function counted(row: ChatRow): ChatRow {
  const unreadCount = Math.max(0, row.lastNumber - row.lastReadNumber);
  const mentionNumbers = unreadMentions(row);
  if (unreadCount === row.unreadCount && mentionNumbers === row.mentionNumbers) return row;
  return chatRows.patch(row, { unreadCount, mentionNumbers });
}

export const withMark = (row: ChatRow, mark: Mark): ChatRow => patched(row, laterMark(row, mark));

const patched = (row: ChatRow, next: ChatRow) => (next === row ? row : chatRows.patch(row, next));

/** A message was written or changed. Sending marks the own message as read. */
export function withMessage(row: ChatRow, seq: number, message: Message, ownId: string): ChatRow {
  const { id, number, content, createdAt, deletedAt, sender } = message;
  const isNewest = number >= (row.lastMessage?.number ?? 0);
  const newest = { id, number, content, senderId: sender.id, senderName: sender.name, createdAt, deletedAt };
  const next = chatRows.part(withMentions(row, seq, message, ownId), 'lastMessage', seq, {
    lastNumber: Math.max(row.lastNumber, number),
    lastMessage: isNewest ? newest : row.lastMessage,
  });
  return sender.id === ownId ? patched(next, afterOwn(next, message)) : next;
}

/** A read has shown the mentions of messages that are not newer than its row. */
function withMentions(row: ChatRow, seq: number, message: Message, ownId: string): ChatRow {
  if (seq <= row.lastSeq) return row;
  const mentionNumbers = mentionNumbersOf(row, message, ownId);
  return mentionNumbers === row.mentionNumbers ? row : chatRows.patch(row, { mentionNumbers });
}

/** A message was deleted: if it is the newest one, it stays without content. It mentions no one any more. */
export function withoutContent(known: ChatRow, event: EventOf<'message.deleted'>): ChatRow {
  const { seq, messageId, deletedAt, number } = event;
  const mentionNumbers = known.mentionNumbers.filter((mention) => mention !== number);
  const row = mentionNumbers.length === known.mentionNumbers.length ? known : chatRows.patch(known, { mentionNumbers });
  const { lastMessage } = row;
  if (lastMessage?.id !== messageId) return row;
  return chatRows.part(row, 'lastMessage', seq, { lastMessage: { ...lastMessage, content: '', deletedAt } });
}

/** The person is not in a chat any more. */
export function dropChat({ chats, members }: Pick<Known, 'chats' | 'members'>, chatId: string): undefined {
  chats.delete(chatId);
  members.delete(chatId);
}
