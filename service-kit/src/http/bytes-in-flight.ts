import { refuse } from '../errors/refusal.ts';

/** How many bytes can be held at once: for one address, and for all together. */
export interface BytesInFlightMax {
  readonly perAddress: number;
  readonly altogether: number;
}

const RETRY_AFTER_MS = 1_000;

/**
 * Bytes that this process holds for slow callers: bodies that arrive slowly, responses that are read slowly. One
 * address cannot use all of it.
 */
export class BytesInFlight {
  readonly #max: BytesInFlightMax;
  readonly #held = new Map<string, number>();
  #all = 0;

  constructor(max: BytesInFlightMax) {
    this.#max = max;
  }

  /** Holds more bytes for an address; throws rate_limited or busy if there is no room. Free the same number later. */
  hold(address: string, bytes: number): void {
    const mine = this.#held.get(address) ?? 0;
    if (mine + bytes > this.#max.perAddress) throw refuse('rate_limited', { retryAfterMs: RETRY_AFTER_MS });
    if (this.#all + bytes > this.#max.altogether) throw refuse('busy');
    this.#held.set(address, mine + bytes);
    this.#all += bytes;
  }

  free(address: string, bytes: number): void {
    const left = (this.#held.get(address) ?? 0) - bytes;
    if (left > 0) this.#held.set(address, left);
    else this.#held.delete(address);
    this.#all -= bytes;
  }
}
