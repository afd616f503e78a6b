import type { FechatterClient } from '../create-fechatter.ts';
import type { MessageExtras, Outbox, Sending } from '../outbox/outbox.ts';
import type { ChatRow, Message, Preferences, Presence, Thread, Workspace } from '../wire.ts';
import type { History } from './history.ts';
import { ownPin, ownSaved } from './own-marks.ts';
import { ownReaction } from './own-reaction.ts';
import type { SavedMessages } from './saved-list.ts';
import type { Slice } from './slice.ts';
import type { SystemLine } from './system-line.ts';
import type { KnownMember } from './state.ts';
import { StoreParts } from './store-parts.ts';
import type { Connection, Store, StoreOptions, Unread, UnreadMentions } from './store.ts';

/** The store: a replica that is kept in sync, and slices of it. */
export class LiveStore implements Store {
  readonly outbox: Outbox;
  readonly ready: Promise<void>;
  readonly chats: Slice<readonly ChatRow[]>;
  readonly workspaces: Slice<readonly Workspace[]>;
  readonly unread: Slice<Unread>;
  readonly mentions: Slice<UnreadMentions>;
  readonly preferences: Slice<Preferences | undefined>;
  readonly connection: Slice<Connection>;
  readonly #parts: StoreParts;

  constructor(client: FechatterClient, options: StoreOptions) {
    const parts = new StoreParts(client, options);
    this.#parts = parts;
    this.outbox = parts.outbox;
    this.ready = parts.ready;
    this.chats = parts.chats;
    this.workspaces = parts.workspaces;
    this.unread = parts.unread;
    this.mentions = parts.mentions;
    this.preferences = parts.preferences;
    this.connection = parts.connection;
  }

  chat(chatId: string): Slice<ChatRow | undefined> {
    return this.#parts.chat(chatId);
  }

  messages(chatId: string): History {
    return this.#parts.histories.of({ chatId, threadId: null });
  }

  thread(chatId: string, rootId: string): History {
    return this.#parts.histories.of({ chatId, threadId: rootId });
  }

  threadRow(chatId: string, rootId: string): Slice<Thread | undefined> {
    return this.#parts.threads.row({ chatId, rootId });
  }

  threads(workspaceId: string): Slice<readonly Thread[] | undefined> {
    return this.#parts.threads.list(workspaceId);
  }

  message(chatId: string, messageId: string): Slice<Message | null | undefined> {
    return this.#parts.lists.messages.of({ chatId, messageId });
  }

  readers(chatId: string, messageId: string): Slice<readonly string[] | undefined> {
    return this.#parts.lists.readers.of({ chatId, messageId });
  }

  systemLines(chatId: string): Slice<readonly SystemLine[]> {
    return this.#parts.systemLines.of(chatId);
  }

  members(chatId: string): Slice<readonly KnownMember[] | undefined> {
    return this.#parts.lists.members.of('chat', chatId);
  }

  pins(chatId: string): Slice<readonly Message[] | undefined> {
    return this.#parts.lists.pins.of(chatId);
  }

  get saved(): SavedMessages {
    return this.#parts.lists.saved;
  }

  emoji(workspaceId: string): Slice<ReadonlyMap<string, string> | undefined> {
    return this.#parts.lists.emoji.of(workspaceId);
  }

  workspaceMembers(workspaceId: string): Slice<readonly KnownMember[] | undefined> {
    return this.#parts.lists.members.of('workspace', workspaceId);
  }

  presence(userId: string): Slice<Presence | undefined> {
    return this.#parts.presences.of(userId);
  }

  setActive(isActive = true): void {
    this.#parts.presences.setActive(isActive);
  }

  typing(chatId: string, threadId: string | null = null): Slice<readonly string[]> {
    return this.#parts.typing.of(chatId, threadId);
  }

  setTyping(chatId: string, isTyping = true, threadId: string | null = null): void {
    this.#parts.typing.own.set(chatId, threadId, isTyping);
  }

  send(chatId: string, content: string, threadId: string | null = null, extras: MessageExtras = {}): Sending {
    const sending = this.#parts.outbox.send({ chatId, content, threadId, ...extras });
    this.#parts.typing.own.sent(chatId, threadId);
    this.#parts.histories.changed(threadId ?? chatId);
    return sending;
  }

  markRead(chatId: string, upToNumber?: number): Promise<void> {
    return this.#parts.readMarks.read(chatId, upToNumber);
  }

  markUnread(chatId: string, messageId: string): Promise<void> {
    return this.#parts.readMarks.unread(chatId, messageId);
  }

  markThreadRead(chatId: string, rootId: string, upToNumber?: number): Promise<void> {
    const thread = this.#parts.threads.get(rootId);
    const number = upToNumber ?? thread?.root.thread?.lastNumber ?? 0;
    if (thread !== undefined && thread.lastReadNumber >= number) return Promise.resolve();
    return this.#parts.ownThreads.read({ chatId, rootId }, number);
  }

  followThread(chatId: string, rootId: string, isFollowing = true): Promise<void> {
    return this.#parts.ownThreads.follow({ chatId, rootId }, isFollowing);
  }

  react(chatId: string, messageId: string, emoji: string): Promise<void> {
    return this.#parts.own.set(
      { chatId, messageId },
      ownReaction(this.#parts.client, this.#parts.replica, emoji),
      true,
    );
  }

  unreact(chatId: string, messageId: string, emoji: string): Promise<void> {
    return this.#parts.own.set(
      { chatId, messageId },
      ownReaction(this.#parts.client, this.#parts.replica, emoji),
      false,
    );
  }

  pin(chatId: string, messageId: string): Promise<void> {
    return this.#parts.own.set({ chatId, messageId }, ownPin(this.#parts.client, this.#parts.replica), true);
  }

  unpin(chatId: string, messageId: string): Promise<void> {
    return this.#parts.own.set({ chatId, messageId }, ownPin(this.#parts.client, this.#parts.replica), false);
  }

  save(chatId: string, messageId: string): Promise<void> {
    return this.#parts.own.set({ chatId, messageId }, ownSaved(this.#parts.client, this.#parts.replica), true);
  }

  unsave(chatId: string, messageId: string): Promise<void> {
    return this.#parts.own.set({ chatId, messageId }, ownSaved(this.#parts.client, this.#parts.replica), false);
  }

  close(): void {
    this.#parts.close();
  }
}
