import type { Reader } from './reader.ts';

const KEPT_MS = 10_000;

/**
 * Readers without a stream. They are kept for a while, and rows still update their memberships. So the memberships of a
 * person who reconnects again and again are read only once in that time, and those of a crowd that lost its streams are
 * still here when it comes back.
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

  /** Called when everything that is known becomes invalid. */
  forgetAll(): void {
    for (const reader of this.#timers.keys()) {
      this.delete(reader);
      this.#forget(reader);
    }
  }
}
