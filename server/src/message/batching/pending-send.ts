import { type CallerGone, currentSpan } from '@fechatter/service-kit';
import type { Outgoing, SendResult } from './outgoing.ts';

/** A message on its way and the caller who waits for it. It is settled once; what comes later is dropped. */
export class PendingSend {
  readonly message: Outgoing;
  readonly signal: CallerGone | undefined;
  /** On the clock of `performance.now()`. */
  readonly deadlineMs: number;
  readonly answer: Promise<SendResult>;
  /** Where the call is traced. */
  readonly span = currentSpan();
  #isSettled = false;
  #resolve: (result: SendResult) => void = () => {};
  #reject: (error: unknown) => void = () => {};

  constructor(message: Outgoing, signal: CallerGone | undefined, deadlineMs: number) {
    this.message = message;
    this.signal = signal;
    this.deadlineMs = deadlineMs;
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  get isSettled(): boolean {
    return this.#isSettled;
  }

  resolve(result: SendResult): void {
    this.#isSettled = true;
    this.#resolve(result);
  }

  reject(error: unknown): void {
    this.#isSettled = true;
    this.#reject(error);
  }
}
