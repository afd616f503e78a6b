import type { procedures } from '@fechatter/notify';
import { createTRPCClient, httpSubscriptionLink, type TRPCClientError } from '@trpc/client';
import type { TRPCBuiltRouter } from '@trpc/server';
import { EventSource } from 'eventsource';
import superjson from 'superjson';
import { Ledger } from './ledger.ts';
import { endReasonOf, isStale, type Subscriber, type SubscriberOptions } from './subscriber.ts';

type NotifyRouter = TRPCBuiltRouter<
  { ctx: object; meta: object; errorShape: { data: { reason: string } }; transformer: true },
  typeof procedures
>;

/**
 * The stock client: `httpSubscriptionLink` over eventsource@4, which reconnects by itself, each time to a random
 * instance.
 */
export function stockSubscriber(options: SubscriberOptions): Subscriber {
  const { notifies, chance, bearer } = options;
  const ledger = new Ledger(options.name, 'stock', options, options.intake);
  let instance = 0;
  let used: string | undefined;
  let refused: string | undefined;
  const client = createTRPCClient<NotifyRouter>({
    links: [
      httpSubscriptionLink({
        url: 'http://notify.invalid/trpc',
        transformer: superjson,
        EventSource,
        eventSourceOptions: () => ({
          fetch: async (target: string | URL, init?: RequestInit) => {
            instance = chance.below(notifies.length);
            ledger.connects += 1;
            const asked = new URL(target);
            const headers = new Headers(init?.headers);
            used = await bearer(refused);
            if (used === undefined) {
              ledger.end('session_revoked');
              subscription?.unsubscribe();
              throw new Error('the session is over');
            }
            headers.set('authorization', `Bearer ${used}`);
            return fetch(`${notifies[instance]?.url}${asked.pathname}${asked.search}`, { ...init, headers });
          },
        }),
      }),
    ],
  });
  let subscription: { unsubscribe(): void } | undefined;
  let lastEventId: string | undefined;
  let isStopped = false;
  const subscribe = () => {
    subscription = client.notification.events.subscribe(lastEventId === undefined ? undefined : { lastEventId }, {
      onData: ({ id, data }) => {
        if (isStopped) return;
        lastEventId = id;
        ledger.take(data, id, instance);
      },
      onError: (error) => again(error as unknown as TRPCClientError<NotifyRouter>),
      onComplete: () => again(undefined),
    });
  };
  const again = (error: TRPCClientError<NotifyRouter> | undefined) => {
    const reason = (error?.data as { reason?: string } | undefined)?.reason;
    const end = endReasonOf(reason);
    if (end !== undefined) return ledger.end(end);
    if (isStopped || ledger.endReason !== undefined) return;
    if (isStale(reason)) {
      refused = used;
      return void freshen();
    }
    // A stream never sends `return`, and the link retries its errors: giving up is a finding.
    ledger.mistakes.push(`the stock client gave up: ${error?.message ?? 'the stream said that it is complete'}`);
    setTimeout(subscribe, 200);
  };
  const freshen = async () => {
    if ((await bearer(refused)) === undefined) ledger.end('session_revoked');
    else if (!isStopped) subscribe();
  };
  subscribe();
  return {
    ledger,
    async stop() {
      isStopped = true;
      subscription?.unsubscribe();
    },
  };
}
