import { onNetwork } from './network.ts';

export interface BackoffOptions {
  readonly firstMs: number;
  readonly maxMs: number;
}

/**
 * Pauses between attempts. Each is twice as long as the one before, and randomly up to half shorter, so that clients do
 * not reconnect all at once.
 */
export class Backoff {
  readonly #options: BackoffOptions;
  #nextMs: number;

  constructor(options: BackoffOptions) {
    this.#options = options;
    this.#nextMs = options.firstMs;
  }

  reset(): void {
    this.#nextMs = this.#options.firstMs;
  }

  /** Waits at least `atLeastMs`, or less if the network comes back or the signal aborts. */
  async pause(signal: AbortSignal, atLeastMs = 0): Promise<void> {
    const ms = Math.max(this.#nextMs * (0.5 + Math.random() / 2), atLeastMs);
    this.#nextMs = Math.min(this.#nextMs * 2, this.#options.maxMs);
    await new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer);
        stopListening();
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      const stopListening = onNetwork('online', done);
      signal.addEventListener('abort', done, { once: true });
      if (signal.aborted) done();
    });
  }
}
