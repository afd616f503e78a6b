import { type CallerGone, currentSpan } from '@fechatter/service-kit';
import type { ResultOf, Write, WriteResult } from './outgoing.ts';

/** A message or reaction on its way and the caller who waits for it. It is settled once; what comes later is dropped. */
export class PendingWrite<W extends Write = Write> {
  readonly write: W;
  readonly signal: CallerGone | undefined;
  /** On the clock of `performance.now()`. */
  readonly deadlineMs: number;
  readonly answer: Promise<ResultOf<W>>;
  /** Where the call is traced. */
  readonly span = currentSpan();
  #isSettled = false;
  #resolve: (result: WriteResult) => void = () => {};
  #reject: (error: unknown) => void = () => {};

  constructor(write: W, signal: CallerGone | undefined, deadlineMs: number) {
    this.write = write;
    this.signal = signal;
    this.deadlineMs = deadlineMs;
    this.answer = new Promise<ResultOf<W>>((resolve, reject) => {
      // A batch gives a message the result of a message: by their order, which no type says.
      this.#resolve = resolve as (result: WriteResult) => void;
      this.#reject = reject;
    });
  }

  get isSettled(): boolean {
    return this.#isSettled;
  }

  resolve(result: WriteResult): void {
    this.#isSettled = true;
    this.#resolve(result);
  }

  reject(error: unknown): void {
    this.#isSettled = true;
    this.#reject(error);
  }
}
