import type { UnsentFile } from '../outbox/unsent-file.ts';
import type { UnsentMessage } from '../outbox/unsent-message.ts';
import type { Message, Reason } from '../wire.ts';
import type { Slice } from './slice.ts';

/** An entry of a conversation: a message that the service has, or one of your own that it has not acknowledged yet. */
export interface HistoryEntry {
  /** Stays the same when the service acknowledges your message. */
  readonly key: string;
  readonly state: 'sent' | 'pending' | 'failed';
  readonly content: string;
  readonly createdAt: Date;
  /** Null until it is acknowledged. */
  readonly message: Message | null;
  /** Of a message that is not acknowledged: its files, and how far their upload has come. */
  readonly unsentFiles?: readonly UnsentFile[];
  /** Why a `failed` message was refused. */
  readonly reason?: Reason | undefined;
}

export interface HistoryView {
  /** Oldest first; unsent messages come last. */
  readonly entries: readonly HistoryEntry[];
  /** False until the first page has been read. */
  readonly isLoaded: boolean;
  readonly isLoading: boolean;
  readonly hasOlder: boolean;
  /** False: it ends with the newest message, and new messages are appended. */
  readonly hasNewer: boolean;
  /** The refusal of the last page, or the network error; undefined if there is none. */
  readonly error: unknown;
}

/**
 * A movable window on a chat's history. It begins with the page where the chat opens (see `openAt` of the store), and
 * loads older and newer pages on demand. It is read at the first subscription, and kept up to date. Without a
 * subscriber it may be dropped after a while, and is read again for the next one.
 */
export interface History extends Slice<HistoryView> {
  /** Loads the previous page. Does nothing if there is none, or while another page is loading. */
  readonly loadOlder: () => Promise<void>;
  /** Loads the next page. */
  readonly loadNewer: () => Promise<void>;
  /** Moves to the newest page. */
  readonly toNewest: () => Promise<void>;
  /**
   * Moves to the messages around a message, by its `number`. Reads nothing if it is loaded already; a number above the
   * newest means the newest.
   */
  readonly toNumber: (number: number) => Promise<void>;
  /** Moves to the first unread message, however far back; to the newest page if nothing is unread. */
  readonly toFirstUnread: () => Promise<void>;
}

/** An unchanged message keeps its entry, so that it is not rendered again. */
const entries = new WeakMap<Message, HistoryEntry>();

function entryOf(message: Message, key: string): HistoryEntry {
  const known = entries.get(message);
  if (known?.key === key) return known;
  const { content, createdAt } = message;
  const entry: HistoryEntry = { key, state: 'sent', content, createdAt, message };
  entries.set(message, entry);
  return entry;
}

/**
 * The entries of a window, with unacknowledged messages at its end. Your own message keeps the key that it was sent
 * with.
 */
export function entriesOf(
  messages: readonly Message[],
  unsent: readonly UnsentMessage[],
  ownId: string,
): HistoryEntry[] {
  const sent = messages.map((message) => entryOf(message, message.sender.id === ownId ? message.clientId : message.id));
  const waiting = unsent.map(
    ({ clientId, state, content, createdAt, reason, files }): HistoryEntry => ({
      key: clientId,
      state,
      content,
      createdAt,
      message: null,
      unsentFiles: files,
      reason,
    }),
  );
  return [...sent, ...waiting];
}
