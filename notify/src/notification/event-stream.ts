import type { Event } from '@fechatter/contract';
import type { TrackedEnvelope } from '@trpc/server';
import type { Outlet } from '../outlet/outlet.ts';
import { QueueOutlet } from '../outlet/queue-outlet.ts';

/**
 * What the subscription returns: an ordinary async iterable for callers inside the process, and for a stream over HTTP
 * something to attach a socket to, so that its frames never pass through an iterator.
 */
export class EventStream implements AsyncIterable<TrackedEnvelope<Event>> {
  /** Brings an outlet to where it is live; throws a refusal. */
  readonly attachTo: (outlet: Outlet) => Promise<void>;
  readonly #signal: AbortSignal | undefined;

  constructor(attachTo: (outlet: Outlet) => Promise<void>, signal: AbortSignal | undefined) {
    this.attachTo = attachTo;
    this.#signal = signal;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<TrackedEnvelope<Event>, void, unknown> {
    const outlet = new QueueOutlet();
    const end = () => outlet.end();
    this.#signal?.addEventListener('abort', end, { once: true });
    if (this.#signal?.aborted) end();
    this.attachTo(outlet).catch((error: unknown) => outlet.fail(error));
    try {
      yield* outlet.events();
    } finally {
      this.#signal?.removeEventListener('abort', end);
    }
  }
}
