import type { ChatRow, Message } from '../wire.ts';
import { afterOwn, laterMark, type Mark } from './mark.ts';
import type { EventOf, Known, Reducers } from './reducer.ts';
import { Versioned } from './versioned.ts';

type PartName = 'role' | 'lastMessage' | 'mark';

/** A row shows everything up to its lastSeq. Its core is the chat itself; the mark has a rule of its own. */
export const chatRows = new Versioned<ChatRow, PartName>({
  version: 'lastSeq',
  parts: {
    role: { keys: ['role'] },
    lastMessage: { keys: ['lastMessage', 'lastNumber'] },
    mark: { keys: ['lastReadSeq', 'lastReadNumber', 'markVersion', 'markSeq'], version: () => 0 },
  },
});

export const chatReducers: Reducers<'chat'> = {
  'chat.created': ({ chats }, { chatId }) => (chats.has(chatId) ? undefined : { chatId }),
  'chat.updated': (known, { chatId, seq, chat }) =>
    changeChat(known, chatId, (row) => chatRows.part(row, 'core', seq, chat)),
  'chat.purged'({ windows }, { chatId, throughNumber }) {
    windows.get(chatId)?.purge(throughNumber);
    return { chatId };
  },
  'chat.deleted': (known, { chatId }) => dropChat(known, chatId),
  'chat.read': (known, event) => changeChat(known, event.chatId, (row) => withMark(row, event)),
};

/** Replaces a row by what it becomes; what follows from its other keys follows. */
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

/** A read has shown a chat. */
export function putChat({ chats }: Pick<Known, 'chats'>, row: ChatRow): void {
  const known = chats.get(row.id);
  chats.set(row.id, counted(known === undefined ? row : withMark(chatRows.whole(known, row), row)));
}

function counted(row: ChatRow): ChatRow {
  const unreadCount = Math.max(0, row.lastNumber - row.lastReadNumber);
  return unreadCount === row.unreadCount ? row : chatRows.patch(row, { unreadCount });
}

export const withMark = (row: ChatRow, mark: Mark): ChatRow => patched(row, laterMark(row, mark));

const patched = (row: ChatRow, next: ChatRow) => (next === row ? row : chatRows.patch(row, next));

/** A message was written or changed. An own one is read by being sent. */
export function withMessage(row: ChatRow, seq: number, message: Message, ownId: string): ChatRow {
  const { id, number, content, createdAt, deletedAt, sender } = message;
  const isNewest = number >= (row.lastMessage?.number ?? 0);
  const newest = { id, number, content, senderId: sender.id, senderName: sender.name, createdAt, deletedAt };
  const next = chatRows.part(row, 'lastMessage', seq, {
    lastNumber: Math.max(row.lastNumber, number),
    lastMessage: isNewest ? newest : row.lastMessage,
  });
  return sender.id === ownId ? patched(next, afterOwn(next, message)) : next;
}

/** A message was deleted: the newest one keeps its place, without content. */
export function withoutContent(row: ChatRow, { seq, messageId, deletedAt }: EventOf<'message.deleted'>): ChatRow {
  const { lastMessage } = row;
  if (lastMessage?.id !== messageId) return row;
  return chatRows.part(row, 'lastMessage', seq, { lastMessage: { ...lastMessage, content: '', deletedAt } });
}

/** The person is not in a chat any more. */
export function dropChat({ chats, members }: Pick<Known, 'chats' | 'members'>, chatId: string): undefined {
  chats.delete(chatId);
  members.delete(chatId);
}
