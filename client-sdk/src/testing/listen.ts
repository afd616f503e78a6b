import { until } from '@fechatter/testing/until';
import type { FechatterClient } from '../create-fechatter.ts';
import type { Event } from '../events/event.ts';
import type { EventsOptions, Subscription } from '../events/events.ts';
import type { ConnectionStatus } from '../events/connection.ts';

/** One who keeps what comes. */
export interface Heard extends Subscription {
  readonly events: readonly Event[];
  readonly statuses: readonly ConnectionStatus[];
  readonly errors: readonly unknown[];
  /** The contents of the messages that came, in their order. */
  readonly contents: readonly string[];
  /** Waits for so many contents. */
  said(count: number): Promise<readonly string[]>;
}

/** Listens; resolves when it is live. */
export async function listen(client: FechatterClient, options: EventsOptions = {}): Promise<Heard> {
  const events: Event[] = [];
  const statuses: ConnectionStatus[] = [];
  const errors: unknown[] = [];
  const subscription = client.subscribe({
    ...options,
    onEvent: (event) => void events.push(event),
    onStatus: (status) => void statuses.push(status),
    onError: (error) => void errors.push(error),
  });
  const contents = () => events.flatMap((event) => (event.kind === 'message.created' ? [event.message.content] : []));
  await until(() => {
    if (errors.length > 0) throw errors[0];
    return events.some(({ kind }) => kind === 'ready');
  }, 'ready');
  return {
    events,
    statuses,
    errors,
    get contents() {
      return contents();
    },
    get cursor() {
      return subscription.cursor;
    },
    get counts() {
      return subscription.counts;
    },
    unsubscribe: subscription.unsubscribe,
    async said(count) {
      await until(() => contents().length >= count, `${count} messages`);
      return contents();
    },
  };
}
