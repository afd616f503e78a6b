import type { Drops } from './drops.ts';

export interface RememberedReadsOptions<T> {
  /** How long a read is remembered; 0: not at all. */
  readonly seconds: number;
  /** The maximum size of all together; what does not fit is not remembered. */
  readonly bytesMax: number;
  readonly bytesOf: (value: T) => number;
  readonly drops: Drops;
  /** Whether this process knows what was taken away until now; otherwise nothing remembered is used. */
  readonly knowsRevocations: () => boolean;
}

/** One read of a person. */
export interface Reading<T> {
  /** What is read: other inputs have other keys. */
  readonly key: string;
  /** The people whose drops end it: the reader, and those whom it shows. */
  readonly about: readonly string[];
  /** The caller accepts nothing remembered. */
  readonly isFreshWanted: boolean;
  /** Whether an earlier result may still be used. */
  readonly isUsable?: (value: T) => Promise<boolean>;
  readonly read: () => Promise<T>;
}

interface Kept<T> {
  readonly value: T;
  readonly began: number;
  readonly untilMs: number;
  readonly bytes: number;
}

/** Results of reads that are used again for some seconds, until they are dropped. */
export class RememberedReads<T> {
  readonly #options: RememberedReadsOptions<T>;
  /** The oldest first. */
  readonly #kept = new Map<string, Kept<T>>();
  #bytes = 0;
  #hits = 0;
  #misses = 0;

  constructor(options: RememberedReadsOptions<T>) {
    this.#options = options;
  }

  get counts(): { readonly hits: number; readonly misses: number; readonly entries: number } {
    return { hits: this.#hits, misses: this.#misses, entries: this.#kept.size };
  }

  async read(reading: Reading<T>): Promise<T> {
    const { seconds, drops, bytesOf } = this.#options;
    if (seconds === 0) return reading.read();
    const found = reading.isFreshWanted ? undefined : await this.#find(reading);
    if (found !== undefined) {
      this.#hits += 1;
      return found.value;
    }
    this.#misses += 1;
    const began = drops.begin();
    const untilMs = performance.now() + seconds * 1_000;
    const value = await reading.read();
    if (!drops.hasSince(began, reading.about))
      this.#keep(reading.key, { value, began, untilMs, bytes: bytesOf(value) });
    return value;
  }

  async #find({ key, about, isUsable }: Reading<T>): Promise<Kept<T> | undefined> {
    const kept = this.#kept.get(key);
    if (kept === undefined) return undefined;
    const isValid = () => kept.untilMs > performance.now() && !this.#options.drops.hasSince(kept.began, about);
    const wasUsable = isValid() && (isUsable === undefined || (await isUsable(kept.value)));
    // Again: it may have been dropped meanwhile.
    if (wasUsable && isValid()) return this.#options.knowsRevocations() ? kept : undefined;
    if (this.#kept.get(key) === kept) this.#forget(key);
    return undefined;
  }

  /**
   * Makes room only from what has expired. If the least recently used went instead, nothing would ever be used again once
   * the clients that poll in turn need a little more than there is.
   */
  #keep(key: string, kept: Kept<T>): void {
    this.#forget(key);
    for (const [oldest, { untilMs }] of this.#kept) {
      if (untilMs > performance.now()) break;
      this.#forget(oldest);
    }
    if (this.#bytes + kept.bytes > this.#options.bytesMax) return;
    this.#kept.set(key, kept);
    this.#bytes += kept.bytes;
  }

  #forget(key: string): void {
    this.#bytes -= this.#kept.get(key)?.bytes ?? 0;
    this.#kept.delete(key);
  }
}
