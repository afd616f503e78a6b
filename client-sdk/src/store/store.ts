import type { BackoffOptions } from '../events/backoff.ts';
import type { EventCounts } from '../events/gap-detection.ts';
import type { ConnectionStatus } from '../events/connection.ts';
import type { EventTransport } from '../events/transport-choice.ts';
import type { MessageExtras, Outbox, Sending } from '../outbox/outbox.ts';
import type { KnownMember } from './state.ts';
import type { ChatRow, Message, Preferences, Presence, Thread, Workspace } from '../wire.ts';
import type { History } from './history.ts';
import type { SavedMessages } from './saved-list.ts';
import type { Slice } from './slice.ts';
import type { SystemLine } from './system-line.ts';

export interface StoreOptions {
  /** Messages per page: 1 to 100. Default: 50. */
  readonly pageSize?: number;
  /** How many messages are kept per chat; the far end is dropped and comes back by paging. Default: 400. */
  readonly windowMax?: number;
  /**
   * Where a history opens: at the `newest` page (the default), or at `firstUnread`, the page around the first unread
   * message if the newest page does not reach back to it.
   */
  readonly openAt?: 'newest' | 'firstUnread';
  /** How many histories (and lists of members) without a subscriber are kept up to date. Default: 20. */
  readonly idleMax?: number;
  /** The pauses between attempts to read. Default: 500 ms, doubling up to 15,000 ms. */
  readonly backoff?: BackoffOptions;
  /** The outbox for unsent messages. Default: one of its own. */
  readonly outbox?: Outbox;
}

export interface Connection {
  readonly status: ConnectionStatus;
  /** Whether everything has been read once. */
  readonly isLoaded: boolean;
  /** Counters that show whether any event is missing. */
  readonly counts: EventCounts;
  /** How events arrive: `polling` if streams do not work. */
  readonly transport: EventTransport;
  /**
   * The error that ended the connection; before that, a `ConnectionError` with the cause why it is not live, or not a
   * stream.
   */
  readonly error: unknown;
}

export interface Unread {
  readonly total: number;
  /** By chat id; only chats that have any. */
  readonly byChat: ReadonlyMap<string, number>;
}

export interface UnreadMentions {
  /** At most 100 of each chat are counted. */
  readonly total: number;
  /** The numbers of the messages, by chat id; only chats that have any. */
  readonly byChat: ReadonlyMap<string, readonly number[]>;
}

/** Everything that the person who is signed in can see, kept up to date by events. Every snapshot is immutable. */
export interface Store {
  /** Your chats, those with the latest message first. */
  readonly chats: Slice<readonly ChatRow[]>;
  /** Your workspaces, by name. */
  readonly workspaces: Slice<readonly Workspace[]>;
  readonly unread: Slice<Unread>;
  /** Your unread mentions. */
  readonly mentions: Slice<UnreadMentions>;
  /** What you have chosen for yourself, and whom you block; undefined until it has been read. */
  readonly preferences: Slice<Preferences | undefined>;
  readonly connection: Slice<Connection>;
  readonly outbox: Outbox;
  /** Undefined if you are not in it. */
  chat(chatId: string): Slice<ChatRow | undefined>;
  /** Reads its first page at the first subscription. */
  messages(chatId: string): History;
  /** The replies to a message, as a history like that of a chat. */
  thread(chatId: string, rootId: string): History;
  /**
   * A thread itself: the message that was replied to, whether you follow it, and how far you have read. Read when
   * it has a subscriber; undefined until then.
   */
  threadRow(chatId: string, rootId: string): Slice<Thread | undefined>;
  /**
   * The threads that you follow in a workspace and that have replies, the one with the latest reply first, each with what
   * is unread. Read at the first subscription; undefined until then.
   */
  threads(workspaceId: string): Slice<readonly Thread[] | undefined>;
  /**
   * One message by its id, such as a quoted one; read when it gets a subscriber, together with others of its chat. Undefined
   * until then; null if it is gone, or you may not see it.
   */
  message(chatId: string, messageId: string): Slice<Message | null | undefined>;
  /**
   * The ids of the people who have read a message, except its sender, while there are subscribers. Undefined until that is
   * known, and where there are no receipts: chats of more than 50 members, and for a person who hides their own. Of a
   * message of the main timeline it is kept up to date.
   */
  readers(chatId: string, messageId: string): Slice<readonly string[] | undefined>;
  /**
   * What happened in a chat besides messages since this store began, the oldest first: people joined, left, were removed or
   * got another role; it was renamed, archived, or has another topic; a message was pinned. The latest 200; people who
   * join in a row are one line. It comes from events, and pages of messages do not contain it. `withSystemLines` places
   * them among the entries of a history. They are never unread.
   */
  systemLines(chatId: string): Slice<readonly SystemLine[]>;
  /** The members of a chat, read at the first subscription; undefined until then. */
  members(chatId: string): Slice<readonly KnownMember[] | undefined>;
  /** The pinned messages of a chat, the latest pinned first; read at the first subscription, undefined until then. */
  pins(chatId: string): Slice<readonly Message[] | undefined>;
  /** The messages that you have saved, read at the first subscription. */
  readonly saved: SavedMessages;
  /**
   * The emoji of a workspace: the id of the picture, for `files.urlOf`, by the name. Show `:name:` in messages and reactions as
   * that picture, and the text where there is none. Read at the first subscription; undefined until then.
   */
  emoji(workspaceId: string): Slice<ReadonlyMap<string, string> | undefined>;
  /** The members of a workspace. */
  workspaceMembers(workspaceId: string): Slice<readonly KnownMember[] | undefined>;
  /**
   * The ids of people who are typing in a chat or, with `threadId`, in a thread, in the order in which they began;
   * never yours. A person is removed 10 s after their last signal, when they stop, or when their message arrives.
   */
  typing(chatId: string, threadId?: string): Slice<readonly string[]>;
  /**
   * Shows others that you are typing, or with `false` that you have stopped. Call it at each key stroke: the service is
   * called every few seconds. Sending a message ends it. It may be lost, and nothing waits for it.
   */
  setTyping(chatId: string, isTyping?: boolean, threadId?: string): void;
  /**
   * A person's presence and custom status, watched while there are subscribers; undefined until it is known. At most
   * 200 people at once: the latest count.
   */
  presence(userId: string): Slice<Presence | undefined>;
  /**
   * Reports that the person is active on this device, or with `false` that they are not. Call it at each key stroke and
   * pointer move: the service is called once a minute. Five minutes later the person is idle.
   */
  setActive(isActive?: boolean): void;
  /** Shows a message at once and sends it as soon as possible. With `threadId` it is a reply to that message. */
  send(chatId: string, content: string, threadId?: string | null, extras?: MessageExtras): Sending;
  /**
   * Marks a chat as read up to a message, by its `number`; without a number, up to the newest known message. Report
   * what was on screen while the window was visible and focused: the highest number counts, a lower one does nothing.
   * Resolves when the service has this mark or a higher one, also after being offline; rejects if it is refused or the
   * store is closed.
   */
  markRead(chatId: string, upToNumber?: number): Promise<void>;
  /**
   * Marks a chat as unread from a message on. Resolves and rejects as `markRead` does; of several calls of both, the
   * last one counts.
   */
  markUnread(chatId: string, messageId: string): Promise<void>;
  /**
   * Marks a thread as read up to a reply, by its `number`; without a number, up to the newest known one. Resolves and
   * rejects as `markRead` does.
   */
  markThreadRead(chatId: string, rootId: string, upToNumber?: number): Promise<void>;
  /** Follows a thread, or with `false` unfollows it. Of several calls, the last one counts. */
  followThread(chatId: string, rootId: string, isFollowing?: boolean): Promise<void>;
  /**
   * Adds your reaction to a message and shows it at once. Resolves when the service has it, also after being offline;
   * rejects if it is refused (then the message shows what it did before) or the store is closed. Of several calls with
   * the same emoji, the last one counts.
   */
  react(chatId: string, messageId: string, emoji: string): Promise<void>;
  /** Removes your reaction in the same way. */
  unreact(chatId: string, messageId: string, emoji: string): Promise<void>;
  /** Pins a message in its chat, and shows it so at once. Resolves and rejects as `react` does. */
  pin(chatId: string, messageId: string): Promise<void>;
  /** Unpins it in the same way. */
  unpin(chatId: string, messageId: string): Promise<void>;
  /** Saves a message for you, and shows it so at once. Resolves and rejects as `react` does. */
  save(chatId: string, messageId: string): Promise<void>;
  /** Takes it off your saved messages in the same way. */
  unsave(chatId: string, messageId: string): Promise<void>;
  /** Resolves when everything has been read once; rejects if the session ends before that. */
  readonly ready: Promise<void>;
  /** Releases everything. Unsent messages are kept if the storage keeps them. */
  close(): void;
}
