import { type CallerGone, currentSpan } from '@fechatter/service-kit';
import type { ResultOf, Write, WriteResult } from './outgoing.ts';

/** A message or reaction in flight, with its waiting caller. It is settled once; later results are dropped. */
export class PendingWrite<W extends Write = Write> {
  readonly write: W;
  readonly signal: CallerGone | undefined;
  /** On the clock of `performance.now()`. */
  readonly deadlineMs: number;
  readonly result: Promise<ResultOf<W>>;
  /** The span of the call. */
  readonly span = currentSpan();
  #isSettled = false;
  #resolve: (result: WriteResult) => void = () => {};
  #reject: (error: unknown) => void = () => {};

  constructor(write: W, signal: CallerGone | undefined, deadlineMs: number) {
    this.write = write;
    this.signal = signal;
    this.deadlineMs = deadlineMs;
    this.result = new Promise<ResultOf<W>>((resolve, reject) => {
      // A batch settles a message with a message's result: the order ensures that, which no type expresses.
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
