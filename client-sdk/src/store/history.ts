import type { UnsentMessage } from '../outbox/unsent-message.ts';
import type { Message, Reason } from '../wire.ts';
import type { Slice } from './slice.ts';

/** A line of a conversation: a message that the service has, or one of one's own that it has not acknowledged yet. */
export interface HistoryEntry {
  /** The same before and after an own message is acknowledged. */
  readonly key: string;
  readonly state: 'sent' | 'pending' | 'failed';
  readonly content: string;
  readonly createdAt: Date;
  /** Null while it is not acknowledged. */
  readonly message: Message | null;
  /** Why a `failed` one was refused. */
  readonly reason?: Reason | undefined;
}

export interface HistoryView {
  /** Oldest first; what is not sent yet comes last. */
  readonly entries: readonly HistoryEntry[];
  /** False until the first page is there. */
  readonly isLoaded: boolean;
  readonly isLoading: boolean;
  readonly hasOlder: boolean;
  /** False: it ends with the newest message and grows with what is said. */
  readonly hasNewer: boolean;
  /** What the last page was refused with, or the network's error; undefined: all is well. */
  readonly error: unknown;
}

/**
 * A stretch of a chat's history that moves: the page where the chat opens first (see `openAt` of the store), older and
 * newer ones on demand. It is read when somebody subscribes, and followed; if nobody subscribes for a long time it may be
 * forgotten, and is read anew by the next subscriber.
 */
export interface History extends Slice<HistoryView> {
  /** One page back. Does nothing where there is none, or while another page is on its way. */
  readonly loadOlder: () => Promise<void>;
  /** One page forward. */
  readonly loadNewer: () => Promise<void>;
  /** Back to the newest page. */
  readonly toNewest: () => Promise<void>;
  /** To the stretch around a message, by its `number`. Reads nothing if it is there already; above the newest means the newest. */
  readonly toNumber: (number: number) => Promise<void>;
  /** To the first unread message, however far back, if anything is unread; else to the newest page. */
  readonly toFirstUnread: () => Promise<void>;
}

/** A message that stays as it is stays the same entry, so that nothing is drawn twice. */
const entries = new WeakMap<Message, HistoryEntry>();

function entryOf(message: Message, key: string): HistoryEntry {
  const known = entries.get(message);
  if (known?.key === key) return known;
  const { content, createdAt } = message;
  const entry: HistoryEntry = { key, state: 'sent', content, createdAt, message };
  entries.set(message, entry);
  return entry;
}

/** The entries of a window, with what is not acknowledged at its end. An own message keeps the key that it was sent under. */
export function entriesOf(
  messages: readonly Message[],
  unsent: readonly UnsentMessage[],
  ownId: string,
): HistoryEntry[] {
  const sent = messages.map((message) => entryOf(message, message.sender.id === ownId ? message.clientId : message.id));
  const waiting = unsent.map(
    ({ clientId, state, content, createdAt, reason }): HistoryEntry => ({
      key: clientId,
      state,
      content,
      createdAt,
      message: null,
      reason,
    }),
  );
  return [...sent, ...waiting];
}
