import type { LogRow } from '@fechatter/contract';
import { bytesOfContent, changedKeys, type NounKey, shownKeys } from '@fechatter/drizzle';
import type { CacheCounts } from '@fechatter/service-kit';
import { LRUCache } from 'lru-cache';
import type { EntryFrames } from './entry-frames.ts';

const ENTRY_BYTES = 2_000;
const DROPS_MAX = 10_000;

/**
 * Frames of recent rows, for clients that reconnect. When the tail passes on a change of a noun, all frames that show
 * it are dropped, so that no reader gets a deleted text or an old name from here; otherwise the least recently used
 * ones are dropped first. A drop is one look-up and concerns only the frames of that noun.
 */
export class FrameCache {
  readonly #frames: LRUCache<number, EntryFrames>;
  readonly #positionsOf = new Map<NounKey, Set<number>>();
  /** The number of each noun's last drop, oldest first. */
  readonly #droppedAt = new Map<NounKey, number>();
  readonly #dropsMax: number;
  #drops = 0;
  /** Drops up to this number are no longer recorded by noun. */
  #forgottenDrops = 0;
  #hits = 0;
  #misses = 0;

  constructor(bytesMax: number, dropsMax = DROPS_MAX) {
    this.#dropsMax = dropsMax;
    this.#frames = new LRUCache({
      maxSize: bytesMax,
      sizeCalculation: sizeOf,
      dispose: (frames, pos) => this.#forget(frames, pos),
    });
  }

  get(pos: number): EntryFrames | undefined {
    const frames = this.#frames.get(pos);
    if (frames === undefined) this.#misses++;
    else this.#hits++;
    return frames;
  }

  readonly counts = (): CacheCounts => ({ hits: this.#hits, misses: this.#misses, entries: this.#frames.size });

  /** The number of drops so far: a read notes it before it begins, and passes it to `add` afterwards. */
  get drops(): number {
    return this.#drops;
  }

  /** Keeps frames, unless something that they show was dropped since `dropsBefore`: they may be older than the drop. */
  add(frames: EntryFrames, dropsBefore: number): void {
    const { pos } = frames.entry;
    if (this.#frames.has(pos) || dropsBefore < this.#forgottenDrops) return;
    const keys = shownKeys(frames.entry);
    if (keys.some((key) => (this.#droppedAt.get(key) ?? 0) > dropsBefore)) return;
    this.#frames.set(pos, frames);
    if (!this.#frames.has(pos)) return;
    for (const key of keys) {
      const positions = this.#positionsOf.get(key);
      if (positions === undefined) this.#positionsOf.set(key, new Set([pos]));
      else positions.add(pos);
    }
  }

  /** Called when the tail passes on a row: drops the frames that show what it changed. */
  passed(row: LogRow): void {
    for (const key of changedKeys(row)) this.#drop(key);
  }

  clear(): void {
    this.#drops++;
    this.#forgottenDrops = this.#drops;
    this.#droppedAt.clear();
    this.#frames.clear();
  }

  #drop(key: NounKey): void {
    this.#drops++;
    this.#droppedAt.delete(key);
    this.#droppedAt.set(key, this.#drops);
    if (this.#droppedAt.size > this.#dropsMax) this.#forgetOldestDrop();
    for (const pos of this.#positionsOf.get(key) ?? []) this.#frames.delete(pos);
  }

  #forgetOldestDrop(): void {
    for (const [key, drop] of this.#droppedAt) {
      this.#droppedAt.delete(key);
      this.#forgottenDrops = drop;
      return;
    }
  }

  #forget({ entry }: EntryFrames, pos: number): void {
    for (const key of shownKeys(entry)) {
      const positions = this.#positionsOf.get(key);
      if (positions?.delete(pos) && positions.size === 0) this.#positionsOf.delete(key);
    }
  }
}

/** Estimated from what does not change when further frames are made. */
const sizeOf = (frames: EntryFrames): number => ENTRY_BYTES + 4 * bytesOfContent(frames.entry);
