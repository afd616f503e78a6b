import type { Event } from '@fechatter/contract';
import type { TrackedEnvelope } from '@trpc/server';
import type { Transport } from '../transport/transport.ts';
import { QueueTransport } from '../transport/queue-transport.ts';

/**
 * The result of the subscription. Callers inside the process iterate it; a stream over HTTP attaches its socket to it,
 * so that frames do not pass through an iterator.
 */
export class EventStream implements AsyncIterable<TrackedEnvelope<Event>> {
  /** Attaches a transport until it is live; throws a refusal. */
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
