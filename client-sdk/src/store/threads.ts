import type { FechatterClient } from '../create-fechatter.ts';
import type { Event } from '../events/event.ts';
import type { Message, Thread } from '../wire.ts';
import { endsChat, inChat, inChats } from './concern.ts';
import type { OwnChanges } from './own-changes.ts';
import { allOf } from './read-state.ts';
import type { Reads } from './reads.ts';
import type { Replica } from './replica.ts';
import type { OwnSlice, Slice, slices } from './slice.ts';
import { ThreadRows } from './thread-rows.ts';

const PAGE = 100;

export interface ThreadRef {
  readonly chatId: string;
  readonly rootId: string;
}

/** A list that was subscribed to. */
interface OpenList {
  isRead: boolean;
  readonly slice: OwnSlice<readonly Thread[] | undefined>;
}

/**
 * The threads that were subscribed to, singly or as a workspace's list: read on the first subscription, kept up to date
 * by events.
 */
export class Threads {
  readonly #client: FechatterClient;
  readonly #replica: Replica;
  readonly #reads: Reads;
  readonly #sliceOf: ReturnType<typeof slices>;
  readonly #own: Pick<OwnChanges, 'shown'>;
  readonly #rows: ThreadRows;
  /** By root. */
  readonly #slices = new Map<string, ThreadRef & { readonly slice: OwnSlice<Thread | undefined> }>();
  /** By workspace. */
  readonly #lists = new Map<string, OpenList>();

  constructor(
    client: FechatterClient,
    replica: Replica,
    reads: Reads,
    sliceOf: ReturnType<typeof slices>,
    own: Pick<OwnChanges, 'shown'>,
  ) {
    this.#client = client;
    this.#replica = replica;
    this.#reads = reads;
    this.#sliceOf = sliceOf;
    this.#own = own;
    this.#rows = new ThreadRows(replica.state.userId, (rootId, chatId) => this.#invalidate(rootId, chatId));
  }

  get(rootId: string): Thread | undefined {
    return this.#rows.get(rootId);
  }

  row(ref: ThreadRef): Slice<Thread | undefined> {
    const known = this.#slices.get(ref.rootId);
    if (known !== undefined) return known.slice;
    const onWatched = () => {
      if (this.get(ref.rootId) === undefined) this.#read(ref);
    };
    const slice = this.#sliceOf(() => this.#shown(this.get(ref.rootId)), { onWatched });
    this.#slices.set(ref.rootId, { ...ref, slice });
    return slice;
  }

  list(workspaceId: string): Slice<readonly Thread[] | undefined> {
    const known = this.#lists.get(workspaceId);
    if (known !== undefined) return known.slice;
    const onWatched = () => {
      if (!list.isRead) this.#readList(workspaceId);
    };
    const compute = () => (list.isRead ? this.#followed(workspaceId) : undefined);
    const slice = this.#sliceOf(compute, { onWatched });
    const list: OpenList = { isRead: false, slice };
    this.#lists.set(workspaceId, list);
    return slice;
  }

  take(event: Event): void {
    for (const { root } of this.#rows.take(event)) this.#read(refOf(root));
    // The event does not contain what is left of a purged root that has replies.
    if (event.kind === 'chat.purged')
      for (const { root } of this.#rows.list((id) => id === event.chatId))
        if (root.deletedAt !== null) this.#read(refOf(root));
    // It was not followed, or had no reply.
    if (event.kind === 'thread.read' && event.following && this.get(event.rootId) === undefined)
      if (this.#listOf(event.chatId)?.isRead === true) this.#read(event);
  }

  /** The service has returned the current state of a message. */
  put(message: Message): void {
    this.#rows.putRoot(message);
  }

  /** Calls the service and stores the thread that it returns. */
  ask({ chatId }: ThreadRef, ask: () => Promise<Thread>): Promise<void> {
    const { userId } = this.#replica.state;
    return this.#replica.read(inChat(chatId), ask, (thread, meanwhile) => {
      if (meanwhile.some((event) => endsChat(event, userId))) return false;
      this.#putRow(thread);
      return true;
    });
  }

  #putRow(thread: Thread): void {
    const { id, chatId } = thread.root;
    const isListed = thread.following && this.#listOf(chatId)?.isRead === true;
    if (isListed || this.#isWatched(id) || this.get(id) !== undefined) this.#rows.put(thread);
  }

  /** Something that is shown of all messages of a chat has changed. */
  changedIn(chatId: string): void {
    for (const { root } of this.#rows.list((id) => id === chatId)) this.#invalidate(root.id, chatId);
  }

  /** The person is in a chat (again). */
  open(chatId: string): void {
    for (const ref of this.#slices.values()) if (ref.chatId === chatId && ref.slice.isWatched) this.#read(ref);
  }

  /** The person is in a workspace (again): the list may have been refused before. */
  openList(workspaceId: string): void {
    const list = this.#lists.get(workspaceId);
    if (list?.slice.isWatched === true && !list.isRead) this.#readList(workspaceId);
  }

  /** The person is not in the chat any more: its threads are dropped. */
  close(chatId: string): void {
    for (const { root } of this.#rows.list((id) => id === chatId)) this.#rows.delete(root.id);
    // Its workspace is not known any more.
    for (const { slice } of this.#lists.values()) slice.invalidate();
  }

  /** Events were lost: reads again what has subscribers, and drops the rest. */
  again(): void {
    this.#rows.outdate();
    for (const [workspaceId, list] of this.#lists) {
      if (list.slice.isWatched) this.#readList(workspaceId);
      else list.isRead = false;
    }
    for (const { root } of this.#rows.list()) {
      if (this.#isWatched(root.id)) this.#read(refOf(root));
      else if (this.#listOf(root.chatId)?.isRead !== true) this.#rows.delete(root.id);
    }
  }

  /** No one is signed in any more. */
  end(): void {
    for (const { root } of this.#rows.list()) this.#rows.delete(root.id);
    for (const list of this.#lists.values()) list.isRead = false;
  }

  #read({ chatId, rootId }: ThreadRef): void {
    const ref = { chatId, rootId };
    this.#reads.persist(`thread ${rootId}`, () => this.ask(ref, () => this.#client.thread.get.query(ref)));
  }

  #readList(workspaceId: string): void {
    const isIn = (chatId: string) => this.#workspaceOf(chatId) === workspaceId;
    const page = async (cursor: string | undefined) => {
      const { threads, nextCursor } = await this.#client.thread.list.query({ workspaceId, limit: PAGE, cursor });
      return { entries: threads, nextCursor };
    };
    this.#reads.persist(`threads ${workspaceId}`, () =>
      this.#replica.read(
        inChats(isIn),
        () => allOf(page),
        (threads, meanwhile) => {
          this.#fill(
            workspaceId,
            threads.filter(({ root }) => isIn(root.chatId)),
            meanwhile,
          );
          return true;
        },
      ),
    );
  }

  #fill(workspaceId: string, threads: readonly Thread[], meanwhile: readonly Event[]): void {
    const list = this.#lists.get(workspaceId);
    if (list === undefined) return;
    list.isRead = true;
    const found = new Set(threads.map(({ root }) => root.id));
    for (const { root } of this.#rows.list((chatId) => this.#workspaceOf(chatId) === workspaceId))
      if (!found.has(root.id) && !this.#isWatched(root.id)) this.#rows.delete(root.id);
    for (const thread of threads) this.#putRow(thread);
    // A reply moves its thread to the front, past pages that were read before.
    for (const event of meanwhile) {
      const rootId = event.kind === 'message.created' ? event.message.threadId : null;
      if (rootId !== null && !found.has(rootId) && 'chatId' in event) this.#read({ chatId: event.chatId, rootId });
    }
    list.slice.invalidate();
  }

  #invalidate(rootId: string, chatId: string): void {
    this.#slices.get(rootId)?.slice.invalidate();
    this.#listOf(chatId)?.slice.invalidate();
  }

  #workspaceOf(chatId: string): string {
    return this.#replica.state.chats.get(chatId)?.workspaceId ?? '';
  }

  #listOf(chatId: string): OpenList | undefined {
    return this.#lists.get(this.#workspaceOf(chatId));
  }

  #isWatched(rootId: string): boolean {
    return this.#slices.get(rootId)?.slice.isWatched === true;
  }

  /** Threads with the latest reply first; of two with the same time, the younger thread. */
  #followed(workspaceId: string): readonly Thread[] {
    return this.#rows
      .list((chatId) => this.#workspaceOf(chatId) === workspaceId)
      .filter(({ following, root }) => following && (root.thread?.replyCount ?? 0) > 0)
      .sort((a, b) => repliedMs(b) - repliedMs(a) || (a.root.id < b.root.id ? 1 : -1))
      .map((thread) => this.#shown(thread));
  }

  #shown<T extends Thread | undefined>(thread: T): T {
    if (thread === undefined) return thread;
    const root = this.#own.shown(thread.root);
    return root === thread.root ? thread : { ...thread, root };
  }
}

const refOf = ({ id, chatId }: Message): ThreadRef => ({ chatId, rootId: id });
const repliedMs = ({ root }: Thread) => root.thread?.lastReplyAt.getTime() ?? 0;
