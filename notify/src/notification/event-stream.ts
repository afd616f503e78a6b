import type { Event } from '@fechatter/contract';
import type { TrackedEnvelope } from '@trpc/server';
import type { Transport } from '../transport/transport.ts';
import { QueueTransport } from '../transport/queue-transport.ts';

/**
 * What the subscription returns: an ordinary async iterable for callers inside the process, and for a stream over HTTP
 * something to attach a socket to, so that its frames never pass through an iterator.
 */
export class EventStream implements AsyncIterable<TrackedEnvelope<Event>> {
  /** Brings a transport to where it is live; throws a refusal. */
  readonly attachTo: (transport: Transport) => Promise<void>;
  readonly #signal: AbortSignal | undefined;

  constructor(attachTo: (transport: Transport) => Promise<void>, signal: AbortSignal | undefined) {
    this.attachTo = attachTo;
    this.#signal = signal;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<TrackedEnvelope<Event>, void, unknown> {
    const transport = new QueueTransport();
    const end = () => transport.end();
    this.#signal?.addEventListener('abort', end, { once: true });
    if (this.#signal?.aborted) end();
    this.attachTo(transport).catch((error: unknown) => transport.fail(error));
    try {
      yield* transport.events();
    } finally {
      this.#signal?.removeEventListener('abort', end);
    }
  }
}
