import type { FechatterClient } from '../create-fechatter.ts';
import type { BackoffOptions } from '../events/backoff.ts';
import { ChatQueues } from './chat-queues.ts';
import type { Outbox, OutboxOptions } from './outbox.ts';

const BACKOFF: BackoffOptions = { firstMs: 500, maxMs: 15_000 };

/**
 * Creates an outbox for the person who is signed in. Messages that an earlier one left in the client's storage are sent
 * first.
 */
export function createOutbox(client: FechatterClient, options: OutboxOptions = {}): Outbox {
  return new ChatQueues(client, options.backoff ?? BACKOFF);
}
