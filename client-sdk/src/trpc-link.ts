import { httpBatchLink } from '@trpc/client';
import type { Fetch } from './fetch-in-time.ts';
import type { FechatterRouter } from './wire.ts';
import { wireForm } from './wire-form.ts';

const BATCH_MAX = 10;
const URL_MAX_CHARS = 2_000;

/** Calls a service in batches; `headers` are asked for each time. */
export const linkOf = (fetch: Fetch) => (url: string, headers: () => Promise<Record<string, string>>) =>
  httpBatchLink<FechatterRouter>({
    url: `${url}/trpc`,
    transformer: wireForm,
    maxItems: BATCH_MAX,
    maxURLLength: URL_MAX_CHARS,
    fetch,
    headers,
  });

export const bearerOf = (token: string | undefined): Record<string, string> =>
  token === undefined ? {} : { authorization: `Bearer ${token}` };
