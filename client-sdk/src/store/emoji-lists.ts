import type { FechatterClient } from '../create-fechatter.ts';
import type { Event } from '../events/event.ts';
import { endsWorkspace, inWorkspace } from './concern.ts';
import type { Reads } from './reads.ts';
import type { Replica } from './replica.ts';
import type { OwnSlice, Slice, slices } from './slice.ts';

/** The ids of the pictures by the names of the emoji; undefined until it was read. */
type EmojiByName = ReadonlyMap<string, string> | undefined;

interface OpenList {
  emoji: EmojiByName;
  readonly slice: OwnSlice<EmojiByName>;
}

/** The emoji of workspaces that were subscribed to: read on the first subscription, kept up to date by events. */
export class EmojiLists {
  readonly #client: FechatterClient;
  readonly #replica: Replica;
  readonly #reads: Reads;
  readonly #sliceOf: ReturnType<typeof slices>;
  readonly #lists = new Map<string, OpenList>();

  constructor(client: FechatterClient, replica: Replica, reads: Reads, sliceOf: ReturnType<typeof slices>) {
    this.#client = client;
    this.#replica = replica;
    this.#reads = reads;
    this.#sliceOf = sliceOf;
  }

  of(workspaceId: string): Slice<EmojiByName> {
    const known = this.#lists.get(workspaceId);
    if (known !== undefined) return known.slice;
    const onWatched = () => {
      if (list.emoji === undefined) this.#read(workspaceId);
    };
    const list: OpenList = { emoji: undefined, slice: this.#sliceOf<EmojiByName>(() => list.emoji, { onWatched }) };
    this.#lists.set(workspaceId, list);
    return list.slice;
  }

  take(event: Event): void {
    if (event.kind === 'emoji.updated') this.#apply(event.workspaceId, event.name, event.fileId);
  }

  /** The person is in a workspace (again), or no longer. */
  changed(workspaceId: string): void {
    const list = this.#lists.get(workspaceId);
    if (list === undefined) return;
    if (!this.#replica.state.workspaces.has(workspaceId)) this.#set(list, undefined);
    else if (list.slice.isWatched && list.emoji === undefined) this.#read(workspaceId);
  }

  /** Events were lost: reads again what has subscribers, and drops the rest. */
  again(): void {
    for (const [workspaceId, list] of this.#lists) {
      if (list.slice.isWatched) this.#read(workspaceId);
      else this.#set(list, undefined);
    }
  }

  /** No one is signed in any more. */
  end(): void {
    for (const list of this.#lists.values()) this.#set(list, undefined);
  }

  #apply(workspaceId: string, name: string, fileId: string | null): void {
    const list = this.#lists.get(workspaceId);
    if (list?.emoji === undefined) return;
    const emoji = new Map(list.emoji);
    if (fileId === null) emoji.delete(name);
    else emoji.set(name, fileId);
    this.#set(list, emoji);
  }

  #set(list: OpenList, emoji: EmojiByName): void {
    if (list.emoji === emoji) return;
    list.emoji = emoji;
    list.slice.invalidate();
  }

  #read(workspaceId: string): void {
    const { userId } = this.#replica.state;
    const list = this.#lists.get(workspaceId);
    if (list === undefined) return;
    this.#reads.persist(`emoji ${workspaceId}`, () =>
      this.#replica.read(
        inWorkspace(workspaceId),
        () => this.#client.emoji.list.query({ workspaceId }),
        ({ emoji }, meanwhile) => {
          if (meanwhile.some((event) => endsWorkspace(event, userId))) return false;
          this.#set(list, new Map(emoji.map(({ name, fileId }) => [name, fileId])));
          return true;
        },
      ),
    );
  }
}
