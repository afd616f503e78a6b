import type { Event } from '@fechatter/contract';
import { createTRPCClient, httpSubscriptionLink, type TRPCClientError } from '@trpc/client';
import { EventSource } from 'eventsource';
import superjson from 'superjson';
import { type AwaitedFacts, awaitedFacts } from './awaited-facts.ts';
import type { NotifyRouter } from '../router.ts';

/** A subscription of the stock client: httpSubscriptionLink over eventsource@4. */
export interface StockStream extends Disposable {
  readonly events: readonly Event[];
  readonly ids: readonly string[];
  readonly until: AwaitedFacts<readonly Event[]>['until'];
  /** How the subscription ended, if it did. */
  failed(): Promise<TRPCClientError<NotifyRouter>>;
}

export interface StockOptions {
  /** Returns the URL; called at each connect. */
  readonly url: () => string;
  readonly token: string;
  readonly lastEventId?: string;
}

function withBearer(given: RequestInit['headers'], token: string): Headers {
  const headers = new Headers(given);
  headers.set('authorization', `Bearer ${token}`);
  return headers;
}

/** Subscribes as an app would. */
export function stockStream({ url, token, lastEventId }: StockOptions): StockStream {
  const client = createTRPCClient<NotifyRouter>({
    links: [
      httpSubscriptionLink({
        url: () => `${url()}/trpc`,
        transformer: superjson,
        EventSource,
        eventSourceOptions: () => ({
          fetch: (target: string | URL, init?: RequestInit) => {
            const at = new URL(target);
            return fetch(new URL(at.pathname + at.search, url()), {
              ...init,
              headers: withBearer(init?.headers, token),
            });
          },
        }),
      }),
    ],
  });
  const events: Event[] = [];
  const ids: string[] = [];
  const facts = awaitedFacts((): readonly Event[] => events);
  let error: TRPCClientError<NotifyRouter> | undefined;
  const subscription = client.notification.events.subscribe(lastEventId === undefined ? undefined : { lastEventId }, {
    onData: ({ id, data }) => {
      events.push(data);
      ids.push(id);
      facts.changed();
    },
    onError: (thrown) => {
      error = thrown;
      facts.changed();
    },
  });
  return {
    events,
    ids,
    failed: () => facts.until(() => error),
    until: (fact, deadlineMs) => facts.until(fact, deadlineMs),
    [Symbol.dispose]: () => subscription.unsubscribe(),
  };
}
