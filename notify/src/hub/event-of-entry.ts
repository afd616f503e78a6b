import {
  type Chat,
  definitionOfCode,
  type LoggedEvent,
  type LogRow,
  type Message,
  NIL_ID,
  type Nouns,
  UNREADABLE,
} from '@fechatter/contract';
import { type LogEntry, type MessageCipher, messageOf } from '@fechatter/drizzle';

/** What an entry is turned into an event with. */
export interface Rendering {
  readonly cipher: MessageCipher;
  /** Told of each entry that could not be shown as it should: it is shown with placeholders and stops nothing. */
  readonly onUnreadable: (entry: LogEntry, error: unknown) => void;
}

/** The event that `userId` is shown for an entry. Never throws: one bad row must not stop the tail. */
export function eventOf(entry: LogEntry, userId: string, rendering: Rendering): LoggedEvent {
  return readerOf(entry.code)(entry, nounsOf(entry, userId, rendering), (error) =>
    rendering.onUnreadable(entry, error),
  );
}

function readerOf(code: number): (row: LogRow, nouns: Nouns, onUnreadable: (error: unknown) => void) => LoggedEvent {
  const definition = definitionOfCode(code);
  if (definition === undefined) throw new Error(`the log has a kind that this build does not know: ${code}`);
  return definition.read;
}

function nounsOf(entry: LogEntry, userId: string, rendering: Rendering): Nouns {
  const needs: readonly string[] = definitionOfCode(entry.code)?.needs ?? [];
  const missing = <T>(noun: string, placeholder: T): T => {
    if (needs.includes(noun)) rendering.onUnreadable(entry, new Error(`its ${noun} is not there`));
    return placeholder;
  };
  return {
    message: entry.message
      ? messageOf(entry.message, rendering.cipher, (error) => rendering.onUnreadable(entry, error))
      : missing('message', messageGone(entry)),
    chat: entry.chat ? chatFor(entry, entry.chat, userId) : missing('chat', chatGone(entry)),
    user:
      entry.user ??
      missing('user', { id: entry.subjectId ?? NIL_ID, name: UNREADABLE, avatarUrl: null, status: 'Active' }),
    workspace:
      entry.workspace ??
      missing('workspace', {
        id: entry.workspaceId ?? NIL_ID,
        name: UNREADABLE,
        description: null,
        retentionDays: null,
        lastSeq: entry.workspaceSeq ?? 0,
        createdAt: entry.createdAt,
        updatedAt: entry.createdAt,
      }),
  };
}

function messageGone(entry: LogEntry): Message {
  return {
    id: entry.subjectId ?? NIL_ID,
    chatId: entry.chatId ?? NIL_ID,
    seq: entry.chatSeq ?? 0,
    number: 0,
    version: entry.chatSeq ?? 0,
    content: '',
    sender: { id: NIL_ID, name: UNREADABLE, avatarUrl: null },
    createdAt: entry.createdAt,
    editedAt: null,
    deletedAt: entry.createdAt,
  };
}

function chatGone(entry: LogEntry): Chat {
  return {
    id: entry.chatId ?? NIL_ID,
    name: UNREADABLE,
    chatType: 'Group',
    workspaceId: entry.workspaceId ?? NIL_ID,
    version: entry.chatSeq ?? 0,
    createdAt: entry.createdAt,
    updatedAt: entry.createdAt,
  };
}

function chatFor(entry: LogEntry, { nameFor, ...chat }: NonNullable<LogEntry['chat']>, userId: string): Chat {
  return nameFor === undefined ? chat : { ...chat, name: nameFor.get(userId) ?? chat.name };
}
