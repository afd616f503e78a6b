import { httpBatchLink, splitLink } from '@trpc/client';
import type { Fetch } from './fetch-in-time.ts';
import type { FechatterRouter } from './wire.ts';
import { wireForm } from './wire-form.ts';

const BATCH_MAX = 10;
const URL_MAX_CHARS = 2_000;
/** Leaves room for the address and the path. */
const INPUT_MAX_CHARS = 1_500;

/** Calls a service in batches; `headers` are asked for each time. A query that is too long for a URL is sent as a body. */
export const linkOf = (fetch: Fetch) => (url: string, headers: () => Promise<Record<string, string>>) => {
  const shared = { url: `${url}/trpc`, transformer: wireForm, fetch, headers };
  return splitLink<FechatterRouter>({
    condition: ({ type, input }) => type === 'query' && isLong(input),
    true: httpBatchLink<FechatterRouter>({ ...shared, maxItems: 1, methodOverride: 'POST' }),
    false: httpBatchLink<FechatterRouter>({ ...shared, maxItems: BATCH_MAX, maxURLLength: URL_MAX_CHARS }),
  });
};

const isLong = (input: unknown): boolean => encodeURIComponent(JSON.stringify(input) ?? '').length > INPUT_MAX_CHARS;

export const bearerOf = (token: string | undefined): Record<string, string> =>
  token === undefined ? {} : { authorization: `Bearer ${token}` };
