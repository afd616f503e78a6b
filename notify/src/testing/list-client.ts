import type { EventListEntry } from '@fechatter/contract';
import { createTRPCClient, httpLink } from '@trpc/client';
import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server';
import superjson from 'superjson';
import type { NotifyRouter } from '../router.ts';

type Input = inferRouterInputs<NotifyRouter>['notification']['list'];
type Output = inferRouterOutputs<NotifyRouter>['notification']['list'];

/** Requests lists as an app would. */
export function listClient(url: string, token: string): (input: Input) => Promise<Output> {
  const client = createTRPCClient<NotifyRouter>({
    links: [httpLink({ url: `${url}/trpc`, transformer: superjson, headers: { authorization: `Bearer ${token}` } })],
  });
  return (input) => client.notification.list.query(input);
}

/** Everything after a position, page by page. */
export async function listAll(
  list: (input: Input) => Promise<Output>,
  since: string,
  limit: number,
): Promise<readonly EventListEntry[]> {
  const events: EventListEntry[] = [];
  for (let at: string | undefined = since; at !== undefined; ) {
    const page: Output = await list({ since: at, limit });
    events.push(...page.events);
    at = page.hasMore ? page.cursor : undefined;
  }
  return events;
}
