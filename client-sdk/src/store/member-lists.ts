import type { KnownMember } from './state.ts';
import { Idle } from './idle.ts';
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
  readonly #lists = new Map<string, { readonly of: Kind; readonly slice: OwnSlice<Members> }>();
  readonly #idle: Idle;

  constructor(replica: Replica, reads: Reads, sliceOf: ReturnType<typeof slices>, idleMax: number) {
    this.#replica = replica;
    this.#reads = reads;
    this.#sliceOf = sliceOf;
    this.#idle = new Idle(idleMax, (id) => replica.state.members.delete(id));
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
    const slice = this.#sliceOf(compute, { onWatched, onUnwatched: () => this.#idle.add(id) });
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
}
