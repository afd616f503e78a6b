import type { FechatterClient } from '../create-fechatter.ts';
import type { Event } from '../events/event.ts';
import type { Presence } from '../wire.ts';
import type { OwnSlice, Slice, slices } from './slice.ts';

/** How often at most the person's activity is reported to the service. */
const ACTIVE_EVERY_MS = 60_000;

/** The presence of people with subscribers. */
export class Presences {
  readonly #client: Pick<FechatterClient, 'watchPresence' | 'user'>;
  readonly #sliceOf: ReturnType<typeof slices>;
  readonly #known = new Map<string, Presence>();
  readonly #slices = new Map<string, OwnSlice<Presence | undefined>>();
  readonly #watched = new Set<string>();
  #activeAtMs = Number.NEGATIVE_INFINITY;

  constructor(client: Pick<FechatterClient, 'watchPresence' | 'user'>, sliceOf: ReturnType<typeof slices>) {
    this.#client = client;
    this.#sliceOf = sliceOf;
  }

  of(userId: string): Slice<Presence | undefined> {
    const known = this.#slices.get(userId);
    if (known !== undefined) return known;
    const onWatched = () => {
      this.#watched.add(userId);
      this.#client.watchPresence([...this.#watched]);
    };
    const onUnwatched = () => {
      this.#watched.delete(userId);
      this.#known.delete(userId);
      slice.invalidate();
      this.#client.watchPresence([...this.#watched]);
    };
    const slice: OwnSlice<Presence | undefined> = this.#sliceOf<Presence | undefined>(() => this.#known.get(userId), {
      onWatched,
      onUnwatched,
    });
    this.#slices.set(userId, slice);
    return slice;
  }

  apply(event: Event): void {
    if (event.kind !== 'presence' || !this.#watched.has(event.userId)) return;
    const { kind: _, ...presence } = event;
    this.#known.set(event.userId, presence);
    this.#slices.get(event.userId)?.invalidate();
  }

  /** It may be lost: the app reports it again. */
  setActive(isActive: boolean): void {
    const nowMs = performance.now();
    if (isActive ? nowMs - this.#activeAtMs < ACTIVE_EVERY_MS : this.#activeAtMs === Number.NEGATIVE_INFINITY) return;
    this.#activeAtMs = isActive ? nowMs : Number.NEGATIVE_INFINITY;
    this.#client.user.setActivity.mutate({ isActive }).catch(() => {});
  }

  close(): void {
    if (this.#watched.size > 0) this.#client.watchPresence([]);
    this.#watched.clear();
  }
}
