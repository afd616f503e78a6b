import type { FechatterClient } from '../create-fechatter.ts';
import type { BackoffOptions } from '../events/backoff.ts';
import type { ConnectionDetails, ConnectionStatus } from '../events/connection.ts';
import { createOutbox } from '../outbox/create-outbox.ts';
import type { Outbox, Sending } from '../outbox/outbox.ts';
import type { KnownMember } from './state.ts';
import type { ChatRow, Workspace } from '../wire.ts';
import { latestFirst, unreadIn } from './chat-list.ts';
import { Histories } from './histories.ts';
import type { History } from './history.ts';
import { ReadMarks } from './read-marks.ts';
import { type Kind, Reads } from './reads.ts';
import { Replica } from './replica.ts';
import { type OwnSlice, type Slice, slices } from './slice.ts';
import type { Connection, Store, StoreOptions, Unread } from './store.ts';
import { keepInSync } from './sync.ts';

const PAGE_SIZE = 50;
const WINDOW_MAX = 400;
const BACKOFF: BackoffOptions = { firstMs: 500, maxMs: 15_000 };

/** The store, put together: a replica that is kept in sync, and slices of it. */
export class LiveStore implements Store {
  readonly outbox: Outbox;
  readonly ready: Promise<void>;
  readonly chats: OwnSlice<readonly ChatRow[]>;
  readonly workspaces: OwnSlice<readonly Workspace[]>;
  readonly unread: OwnSlice<Unread>;
  readonly connection: OwnSlice<Connection>;
  readonly #client: FechatterClient;
  readonly #backoff: BackoffOptions;
  readonly #ownsOutbox: boolean;
  readonly #sliceOf = slices();
  readonly #replica: Replica;
  readonly #reads: Reads;
  readonly #histories: Histories;
  readonly #stopped = new AbortController();
  readonly #chatSlices = new Map<string, OwnSlice<ChatRow | undefined>>();
  readonly #memberSlices = new Map<string, OwnSlice<readonly KnownMember[] | undefined>>();
  readonly #readMarks: ReadMarks;
  /** Of which chats something was told already. */
  readonly #present = new Set<string>();
  #status: ConnectionStatus = 'connecting';
  #details: ConnectionDetails = { transport: 'stream', error: undefined };
  #isLoaded = false;
  #error: unknown;

  constructor(client: FechatterClient, options: StoreOptions) {
    const { pageSize = PAGE_SIZE, windowMax = WINDOW_MAX, backoff = BACKOFF, outbox } = options;
    this.#client = client;
    this.#backoff = backoff;
    this.#ownsOutbox = outbox === undefined;
    this.outbox = outbox ?? createOutbox(client, { backoff });
    this.#replica = new Replica(client.session?.id ?? '', {
      onChat: (id) => this.#onChat(id),
      onWorkspace: () => this.workspaces.invalidate(),
      onMembers: (id) => this.#memberSlices.get(id)?.invalidate(),
      onMessages: (id) => this.#histories.changed(id),
    });
    const { state } = this.#replica;
    this.#reads = new Reads(client, this.#replica, backoff, this.#stopped.signal);
    this.#histories = new Histories(client, this.#replica, this.outbox, this.#sliceOf, {
      pageSize,
      windowMax,
      backoff,
      stopped: this.#stopped.signal,
    });
    this.#readMarks = new ReadMarks(client, state.chats);
    this.chats = this.#sliceOf(() => latestFirst(state.chats.values()));
    this.workspaces = this.#sliceOf(() => [...state.workspaces.values()].sort((a, b) => a.name.localeCompare(b.name)));
    this.unread = this.#sliceOf(() => unreadIn(state.chats.values()));
    this.connection = this.#sliceOf(() => this.#connection());
    this.outbox.onSent((message, clientId) => this.#histories.acknowledge(message, clientId));
    this.outbox.unsent.subscribe(() => this.#histories.outboxChanged());
    this.ready = new Promise(
      (resolve, reject) =>
        void this.#follow(resolve)
          .catch(() => {})
          .then(() => reject(this.#error)),
    );
    this.ready.catch(() => {});
  }

  chat(chatId: string): Slice<ChatRow | undefined> {
    return kept(this.#chatSlices, chatId, () => this.#sliceOf(() => this.#replica.state.chats.get(chatId)));
  }

  messages(chatId: string): History {
    return this.#histories.of(chatId);
  }

  members(chatId: string): Slice<readonly KnownMember[] | undefined> {
    return this.#membersOf('chat', chatId);
  }

  workspaceMembers(workspaceId: string): Slice<readonly KnownMember[] | undefined> {
    return this.#membersOf('workspace', workspaceId);
  }

  send(chatId: string, content: string): Sending {
    const sending = this.outbox.send({ chatId, content });
    this.#histories.taking(chatId, sending.clientId);
    return sending;
  }

  markRead(chatId: string): Promise<void> {
    return this.#readMarks.set(chatId);
  }

  close(): void {
    this.#stopped.abort();
    if (this.#ownsOutbox) this.outbox.close();
  }

  async #follow(onReady: () => void): Promise<void> {
    try {
      await keepInSync({
        client: this.#client,
        replica: this.#replica,
        reads: this.#reads,
        backoff: this.#backoff,
        stopped: this.#stopped.signal,
        onStatus: (status, details) => this.#setStatus(status, details),
        onRead: () => {
          this.#isLoaded = true;
          this.connection.invalidate();
          this.#readAgain();
          onReady();
        },
      });
      this.#error = new Error('the store was closed, or its person has signed out');
    } catch (error) {
      this.#error = error;
    } finally {
      // What one person knew is not left for the next one.
      if (!this.#stopped.signal.aborted) this.#replica.begin([], []);
      this.close();
      this.#setStatus('ended');
    }
  }

  /** What was read of single chats and workspaces beside their rows. */
  #readAgain(): void {
    const { chats, workspaces, members } = this.#replica.state;
    for (const id of members.keys()) {
      if (chats.has(id)) this.#reads.members('chat', id);
      else if (workspaces.has(id)) this.#reads.members('workspace', id);
      else members.delete(id);
    }
    this.#histories.again();
  }

  #membersOf(of: Kind, id: string): Slice<readonly KnownMember[] | undefined> {
    const { members } = this.#replica.state;
    const compute = () => {
      const known = members.get(id);
      return known === undefined ? undefined : [...known.values()];
    };
    const onWatched = () => this.#reads.membersOnce(of, id);
    return kept(this.#memberSlices, id, () => this.#sliceOf(compute, { onWatched }));
  }

  #onChat(chatId: string): void {
    this.chats.invalidate();
    this.unread.invalidate();
    this.#chatSlices.get(chatId)?.invalidate();
    if (!this.#replica.state.chats.has(chatId)) {
      this.#present.delete(chatId);
      return this.#histories.close(chatId);
    }
    if (this.#present.has(chatId)) return;
    this.#present.add(chatId);
    this.#histories.open(chatId);
    if (this.#memberSlices.get(chatId)?.isWatched === true) this.#reads.membersOnce('chat', chatId);
  }

  #setStatus(status: ConnectionStatus, details = this.#details): void {
    this.#status = status;
    this.#details = details;
    this.connection.invalidate();
    if (status !== 'live') return;
    this.outbox.hurry();
    this.#histories.mend();
  }

  #connection(): Connection {
    const { counts } = this.#client.events();
    return {
      status: this.#status,
      isLoaded: this.#isLoaded,
      counts,
      transport: this.#details.transport,
      error: this.#status === 'ended' ? this.#error : this.#details.error,
    };
  }
}

function kept<T>(slices: Map<string, OwnSlice<T>>, id: string, make: () => OwnSlice<T>): OwnSlice<T> {
  const slice = slices.get(id) ?? make();
  slices.set(id, slice);
  return slice;
}
