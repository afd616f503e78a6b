import type { KnownMember } from './state.ts';
import type { Kind, Reads } from './reads.ts';
import type { Replica } from './replica.ts';
import type { OwnSlice, Slice, slices } from './slice.ts';

type Members = readonly KnownMember[] | undefined;

/**
 * The members of chats and workspaces that were subscribed to: read on the first subscription, and kept for a while
 * afterwards.
 */
export class MemberLists {
  readonly #replica: Replica;
  readonly #reads: Reads;
  readonly #sliceOf: ReturnType<typeof slices>;
  readonly #idleMax: number;
  readonly #lists = new Map<string, { readonly of: Kind; readonly slice: OwnSlice<Members> }>();
  /** Lists without a subscriber, the one left first at the front. */
  readonly #idle = new Set<string>();

  constructor(replica: Replica, reads: Reads, sliceOf: ReturnType<typeof slices>, idleMax: number) {
    this.#replica = replica;
    this.#reads = reads;
    this.#sliceOf = sliceOf;
    this.#idleMax = idleMax;
  }

  of(of: Kind, id: string): Slice<Members> {
    const known = this.#lists.get(id);
    if (known !== undefined) return known.slice;
    const compute = () => {
      const members = this.#replica.state.members.get(id);
      return members && [...members.values()];
    };
    const onWatched = () => {
      this.#idle.delete(id);
      this.#reads.membersOnce(of, id);
    };
    const slice = this.#sliceOf(compute, { onWatched, onUnwatched: () => this.#leave(id) });
    this.#lists.set(id, { of, slice });
    return slice;
  }

  changed(id: string): void {
    this.#lists.get(id)?.slice.invalidate();
  }

  /** The person is in a chat (again). */
  open(chatId: string): void {
    if (this.#lists.get(chatId)?.slice.isWatched === true) this.#reads.membersOnce('chat', chatId);
  }

  /** Events were lost: reads again what has subscribers, and drops the rest. */
  again(): void {
    for (const id of this.#replica.state.members.keys())
      if (this.#lists.get(id)?.slice.isWatched !== true) this.#replica.state.members.delete(id);
    for (const [id, { of, slice }] of this.#lists) if (slice.isWatched) this.#reads.members(of, id);
  }

  #leave(id: string): void {
    this.#idle.add(id);
    const [eldest] = this.#idle;
    if (this.#idle.size <= this.#idleMax || eldest === undefined) return;
    this.#idle.delete(eldest);
    this.#replica.state.members.delete(eldest);
  }
}
