import type { FechatterClient } from '../create-fechatter.ts';
import type { BackoffOptions } from '../events/backoff.ts';
import type { ConnectionDetails, ConnectionStatus } from '../events/connection.ts';
import { createOutbox } from '../outbox/create-outbox.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { ChatRow, Preferences, Workspace } from '../wire.ts';
import { latestFirst, unreadIn } from './chat-list.ts';
import { mentionsIn } from './mentions.ts';
import { ConnectionState } from './connection-state.ts';
import { Histories } from './histories.ts';
import { Lists } from './lists.ts';
import type { Timeline } from './message-window.ts';
import { OwnChanges } from './own-changes.ts';
import { OwnThreads } from './own-threads.ts';
import { Presences } from './presences.ts';
import { ReadMarks } from './read-marks.ts';
import { Reads } from './reads.ts';
import { Replica } from './replica.ts';
import { type OwnSlice, type Slice, slices } from './slice.ts';
import type { Connection, StoreOptions, Unread, UnreadMentions } from './store.ts';
import { keepInSync } from './sync.ts';
import { SystemLines } from './system-lines.ts';
import { Threads } from './threads.ts';
import { Typing } from './typing.ts';

const PAGE_SIZE = 50;
const WINDOW_MAX = 400;
const IDLE_MAX = 20;
const BACKOFF: BackoffOptions = { firstMs: 500, maxMs: 15_000 };

/** The parts of a store: the replica, what reads and changes it, and following the events. */
export class StoreParts {
  readonly outbox: Outbox;
  readonly ready: Promise<void>;
  readonly chats: OwnSlice<readonly ChatRow[]>;
  readonly workspaces: OwnSlice<readonly Workspace[]>;
  readonly unread: OwnSlice<Unread>;
  readonly mentions: OwnSlice<UnreadMentions>;
  readonly preferences: OwnSlice<Preferences | undefined>;
  readonly connection: Slice<Connection>;
  readonly client: FechatterClient;
  readonly #backoff: BackoffOptions;
  readonly #ownsOutbox: boolean;
  readonly #sliceOf: ReturnType<typeof slices>;
  readonly replica: Replica;
  readonly #reads: Reads;
  readonly histories: Histories;
  readonly #stopped = new AbortController();
  readonly #chatSlices = new Map<string, OwnSlice<ChatRow | undefined>>();
  readonly lists: Lists;
  readonly systemLines: SystemLines;
  readonly threads: Threads;
  readonly ownThreads: OwnThreads;
  readonly readMarks: ReadMarks;
  readonly own: OwnChanges;
  readonly typing: Typing;
  readonly presences: Presences;
  /** The chats that the person is in, so that entering and leaving one is noticed. */
  readonly #present = new Set<string>();
  readonly #unsubscribes: readonly (() => void)[];
  readonly #state: ConnectionState;

  constructor(client: FechatterClient, options: StoreOptions) {
    const { pageSize = PAGE_SIZE, windowMax = WINDOW_MAX, openAt = 'newest', idleMax = IDLE_MAX } = options;
    const { backoff = BACKOFF, outbox } = options;
    this.client = client;
    this.#sliceOf = slices((error) => client.reportError(error));
    this.#backoff = backoff;
    this.#ownsOutbox = outbox === undefined;
    this.outbox = outbox ?? createOutbox(client, { backoff });
    this.replica = new Replica(client.session?.id ?? '', {
      onChat: (id) => this.#onChat(id),
      onWorkspace: (id) => {
        this.workspaces.invalidate();
        this.threads.openList(id);
        this.lists.emoji.changed(id);
      },
      onPreferences: () => this.preferences?.invalidate(),
      onMembers: (id) => this.lists.members.changed(id),
      onMessages: (id) => this.histories.changed(id),
      beforeEvent: (event) => this.systemLines.take(event),
      onEvent: (event) => {
        this.lists.take(event);
        this.threads.take(event);
        if (event.kind === 'chat.purged') this.histories.purged(event.chatId);
      },
      onMessage: (message) => {
        this.lists.put(message);
        this.threads.put(message);
      },
    });
    const { state } = this.replica;
    this.systemLines = new SystemLines(state, this.#sliceOf);
    const stopped = this.#stopped.signal;
    this.#reads = new Reads(client, this.replica, backoff, stopped);
    this.own = new OwnChanges(this.replica, backoff, stopped, (id) => {
      this.histories.changedIn(id);
      this.lists.changed(id);
      this.threads.changedIn(id);
    });
    this.threads = new Threads(client, this.replica, this.#reads, this.#sliceOf, this.own);
    this.ownThreads = new OwnThreads(client, backoff, stopped, this.threads);
    const markOf = ({ chatId, threadId }: Timeline) =>
      threadId === null ? state.chats.get(chatId) : this.threads.get(threadId);
    const history = { pageSize, windowMax, openAt, idleMax, backoff, stopped, markOf, own: this.own };
    this.histories = new Histories(client, this.replica, this.outbox, this.#sliceOf, history);
    this.lists = new Lists({
      client,
      replica: this.replica,
      reads: this.#reads,
      sliceOf: this.#sliceOf,
      own: this.own,
      idleMax,
    });
    this.readMarks = new ReadMarks(client, state, this.#reads, backoff, stopped);
    this.presences = new Presences(client, this.#sliceOf);
    this.typing = new Typing({ client, userId: state.userId, sliceOf: this.#sliceOf });
    this.chats = this.#sliceOf(() => latestFirst(state.chats.values()));
    this.workspaces = this.#sliceOf(() => [...state.workspaces.values()].sort((a, b) => a.name.localeCompare(b.name)));
    this.unread = this.#sliceOf(() => unreadIn(state.chats.values()));
    this.preferences = this.#sliceOf(() => state.own.preferences);
    this.mentions = this.#sliceOf(() => mentionsIn(state.chats.values()));
    this.#state = new ConnectionState(client, this.#sliceOf);
    this.connection = this.#state.slice;
    this.#unsubscribes = [
      this.outbox.onSent((message) => this.histories.acknowledge(message)),
      this.outbox.unsent.subscribe(() => this.histories.outboxChanged()),
    ];
    this.ready = new Promise(
      (resolve, reject) =>
        void this.#follow(resolve)
          .catch(() => {})
          .then(() => reject(this.#state.error)),
    );
    this.ready.catch(() => {});
  }

  /** The slice of one chat. */
  chat(chatId: string): Slice<ChatRow | undefined> {
    const slice = this.#chatSlices.get(chatId) ?? this.#sliceOf(() => this.replica.state.chats.get(chatId));
    this.#chatSlices.set(chatId, slice);
    return slice;
  }

  close(): void {
    this.#stopped.abort();
    this.typing.close();
    this.presences.close();
    for (const unsubscribe of this.#unsubscribes) unsubscribe();
    if (this.#ownsOutbox) this.outbox.close();
  }

  async #follow(onReady: () => void): Promise<void> {
    try {
      await keepInSync({
        client: this.client,
        replica: this.replica,
        reads: this.#reads,
        backoff: this.#backoff,
        stopped: this.#stopped.signal,
        onEvent: (event) => {
          this.typing.apply(event);
          this.presences.apply(event);
        },
        onStatus: (status, details) => this.#setStatus(status, details),
        onRead: () => {
          this.#state.loaded();
          this.lists.again();
          this.histories.again();
          this.threads.again();
          onReady();
        },
      });
      this.#state.error = new Error('the store was closed, or its person has signed out');
    } catch (error) {
      this.#state.error = error;
    } finally {
      // One person's state is not kept for the next one.
      if (!this.#stopped.signal.aborted) this.replica.begin([], []);
      this.lists.end();
      this.systemLines.end();
      this.threads.end();
      this.close();
      this.#setStatus('ended');
    }
  }

  #onChat(chatId: string): void {
    this.chats.invalidate();
    this.unread.invalidate();
    this.mentions.invalidate();
    this.#chatSlices.get(chatId)?.invalidate();
    if (!this.replica.state.chats.has(chatId)) {
      this.#present.delete(chatId);
      this.lists.close(chatId);
      this.systemLines.close(chatId);
      this.threads.close(chatId);
      return this.histories.close(chatId);
    }
    if (this.#present.has(chatId)) return;
    this.#present.add(chatId);
    this.histories.open(chatId);
    this.lists.open(chatId);
    this.threads.open(chatId);
  }

  #setStatus(status: ConnectionStatus, details?: ConnectionDetails): void {
    this.#state.set(status, details);
    if (status !== 'live') return;
    this.outbox.hurry();
    this.histories.retry();
    this.lists.readers.again();
  }
}
