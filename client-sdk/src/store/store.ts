import type { BackoffOptions } from '../events/backoff.ts';
import type { EventCounts } from '../events/gap-detection.ts';
import type { ConnectionStatus } from '../events/connection.ts';
import type { EventTransport } from '../events/transport-choice.ts';
import type { Outbox, Sending } from '../outbox/outbox.ts';
import type { KnownMember } from './state.ts';
import type { ChatRow, Workspace } from '../wire.ts';
import type { History } from './history.ts';
import type { Slice } from './slice.ts';

export interface StoreOptions {
  /** Messages a page: 1 to 100, 50 where nothing is said. */
  readonly pageSize?: number;
  /** So many messages are kept a chat, 400 where nothing is said; the far end is let go of and comes back by paging. */
  readonly windowMax?: number;
  /**
   * Where a history opens: `newest` (where nothing is said), or `firstUnread`, at the page around the first unread message
   * where the newest page does not reach back to it.
   */
  readonly openAt?: 'newest' | 'firstUnread';
  /** So many histories (and lists of members) that nobody subscribes to are kept and followed, 20 where nothing is said. */
  readonly idleMax?: number;
  /** The pauses between tries to read: 500 ms, doubling up to 15,000 ms, where nothing is said. */
  readonly backoff?: BackoffOptions;
  /** Where messages wait that are not sent; one of its own where nothing is said. */
  readonly outbox?: Outbox;
}

export interface Connection {
  readonly status: ConnectionStatus;
  /** Whether everything was read once. */
  readonly isLoaded: boolean;
  /** What proves that nothing is missing. */
  readonly counts: EventCounts;
  /** How events come: `polling` where streams do not work. */
  readonly transport: EventTransport;
  /** What ended it; before that, a `ConnectionError` that says why it is not live, or why it is no stream. */
  readonly error: unknown;
}

export interface Unread {
  readonly total: number;
  /** Of the chats that have any, by id. */
  readonly byChat: ReadonlyMap<string, number>;
}

/** All that the person who is signed in may know, kept right by events. Every snapshot is immutable. */
export interface Store {
  /** One's chats, the latest spoken in first. */
  readonly chats: Slice<readonly ChatRow[]>;
  /** One's workspaces, by name. */
  readonly workspaces: Slice<readonly Workspace[]>;
  readonly unread: Slice<Unread>;
  readonly connection: Slice<Connection>;
  readonly outbox: Outbox;
  /** Undefined: one is not in it. */
  chat(chatId: string): Slice<ChatRow | undefined>;
  /** Reads its first page when somebody subscribes. */
  messages(chatId: string): History;
  /** Who is in a chat, read when somebody subscribes; undefined until then. */
  members(chatId: string): Slice<readonly KnownMember[] | undefined>;
  /** Who is in a workspace. */
  workspaceMembers(workspaceId: string): Slice<readonly KnownMember[] | undefined>;
  /** Shows a message at once and sends it as soon as that is possible. */
  send(chatId: string, content: string): Sending;
  /**
   * Marks a chat as read up to a message, by its `number`; without one, up to the newest that is known. Report what was on
   * screen while the window was visible and focused: the highest number counts, a lower one does nothing. Resolves when
   * the service has it (or a higher one), also after being offline; rejects when it is refused or the store is closed.
   */
  markRead(chatId: string, upToNumber?: number): Promise<void>;
  /**
   * Puts an own reaction to a message, which shows it at once. Resolves when the service has it, also after being offline;
   * rejects when it is refused (and then the message is as it was) or the store is closed. Of several calls about one
   * emoji the last one counts.
   */
  react(chatId: string, messageId: string, emoji: string): Promise<void>;
  /** The same for taking it away. */
  unreact(chatId: string, messageId: string, emoji: string): Promise<void>;
  /** Resolves when everything was read once; rejects when the session ended before. */
  readonly ready: Promise<void>;
  /** Lets go of everything; what waits to be sent is kept if the storage keeps it. */
  close(): void;
}
