import type { Event } from '@fechatter/contract';
import { tracked, type TrackedEnvelope } from '@trpc/server';
import type { Frame } from '../wire/frame.ts';
import type { Transport } from './transport.ts';

const EVENTS_MAX = 5_000;

/**
 * Passes events to an async iterator, for callers inside the process. Its buffer is bounded: a reader that is too slow
 * is cut.
 */
export class QueueTransport implements Transport {
  readonly isBackedUp = false;
  readonly #events: TrackedEnvelope<Event>[] = [];
  #onClose: (() => void) | undefined;
  #error: unknown;
  #state: 'open' | 'ended' | 'cut' = 'open';
  #wake: (() => void) | undefined;

  /** Yields what was sent, in order, until the connection ends; throws if it was cut or refused. */
  async *events(): AsyncGenerator<TrackedEnvelope<Event>, void, unknown> {
    try {
      while (true) {
        const event = this.#state === 'cut' ? undefined : this.#events.shift();
        if (event !== undefined) yield event;
        else if (this.#state === 'cut') throw this.#error;
        else if (this.#state === 'ended') return;
        else
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
          });
      }
    } finally {
      this.#finish('cut');
    }
  }

  /** Ends the iteration with an error. */
  fail(error: unknown): void {
    this.#error ??= error;
    this.#finish('cut');
  }

  send(frame: Frame): void {
    if (frame.tracked === undefined || this.#state !== 'open') return;
    this.#events.push(tracked(frame.tracked.token, frame.tracked.event));
    this.#wake?.();
    if (this.#events.length > EVENTS_MAX) this.fail(new Error('the reader of this stream is too slow'));
  }

  flush(): void {}

  bytesOf(): number {
    return 1_000;
  }

  async drained(): Promise<boolean> {
    return true;
  }

  end(): void {
    this.#finish('ended');
  }

  cut(): void {
    this.fail(new Error('this stream was cut; continue from the last event'));
  }

  onClose(listener: () => void): void {
    this.#onClose = listener;
    if (this.#state !== 'open') queueMicrotask(listener);
  }

  #finish(state: 'ended' | 'cut'): void {
    if (this.#state === 'cut') return;
    const wasOpen = this.#state === 'open';
    this.#state = state;
    this.#wake?.();
    if (wasOpen) this.#onClose?.();
  }
}
