import { until } from '@fechatter/testing/until';
import type { FechatterClient } from '../create-fechatter.ts';
import type { Event } from '../events/event.ts';
import type { EventsOptions, Subscription } from '../events/events.ts';
import type { ConnectionDetails, ConnectionStatus } from '../events/connection.ts';

type ReportedStatus = ConnectionDetails & { readonly status: ConnectionStatus };

/** A subscription that records what arrives. */
export interface Listening extends Subscription {
  readonly events: readonly Event[];
  readonly statuses: readonly ConnectionStatus[];
  /** Each status, with its details. */
  readonly details: readonly ReportedStatus[];
  readonly errors: readonly unknown[];
  /** The contents of the messages that arrived, in order. */
  readonly contents: readonly string[];
  /** Waits for this many contents. */
  firstContents(count: number): Promise<readonly string[]>;
}

/** Subscribes; resolves when it is live. */
export async function listen(client: FechatterClient, options: EventsOptions = {}): Promise<Listening> {
  const events: Event[] = [];
  const statuses: ConnectionStatus[] = [];
  const all: ReportedStatus[] = [];
  const errors: unknown[] = [];
  const subscription = client.subscribe({
    ...options,
    onEvent: (event) => void events.push(event),
    onStatus(status, details) {
      if (statuses.at(-1) !== status) statuses.push(status);
      all.push({ status, ...details });
    },
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
    details: all,
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
    async firstContents(count) {
      await until(() => contents().length >= count, `${count} messages`);
      return contents();
    },
  };
}
