import type { Reader } from './reader.ts';

const KEPT_MS = 10_000;

/**
 * Readers whose last stream is gone. They are kept for a while, and rows go on changing their memberships: so somebody who
 * connects again and again has these read once in that time, and a crowd that lost its streams and comes back finds them here.
 */
export class IdleReaders {
  readonly #timers = new Map<Reader, NodeJS.Timeout>();
  readonly #forget: (reader: Reader) => void;

  constructor(forget: (reader: Reader) => void) {
    this.#forget = forget;
  }

  add(reader: Reader): void {
    const end = () => {
      this.#timers.delete(reader);
      this.#forget(reader);
    };
    this.#timers.set(reader, setTimeout(end, KEPT_MS).unref());
  }

  /** It has a stream again. */
  delete(reader: Reader): void {
    clearTimeout(this.#timers.get(reader));
    this.#timers.delete(reader);
  }

  /** What they know holds no more. */
  forgetAll(): void {
    for (const reader of this.#timers.keys()) {
      this.delete(reader);
      this.#forget(reader);
    }
  }
}
