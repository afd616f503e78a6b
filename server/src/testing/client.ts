import { limits } from '@fechatter/contract';
import { createTRPCClient, httpBatchLink, type TRPCClient, TRPCClientError } from '@trpc/client';
import superjson from 'superjson';
import type { AppRouter } from '../router.ts';

export type Client = TRPCClient<AppRouter>;

/** The stock client; sends the calls of one turn as one batch. */
export function clientOf(url: string, headers: Readonly<Record<string, string>> = {}): Client {
  return createTRPCClient<AppRouter>({
    links: [
      httpBatchLink({
        url: `${url}/trpc`,
        transformer: superjson,
        headers: { ...headers },
        maxItems: limits.batchMaxCalls,
      }),
    ],
  });
}

/**
 * The error with which a call was refused; fails if it was not: `expect(await refusal(call)).toMatchObject({ reason: …
 * })`.
 */
export async function refusal(call: Promise<unknown>): Promise<TRPCClientError<AppRouter>['data']> {
  const result = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (result instanceof TRPCClientError) return (result as TRPCClientError<AppRouter>).data;
  throw new Error('the call was not refused', { cause: result });
}

/** One call without the client, for its status and headers. */
export function rawCall(url: string, path: string, input: unknown, headers: Readonly<Record<string, string>> = {}) {
  return fetch(`${url}/trpc/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(superjson.serialize(input)),
  });
}
