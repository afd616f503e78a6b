import { limits } from '@fechatter/contract';
import type { AnyTRPCRouter, inferRouterContext, TRPCError } from '@trpc/server';
import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import { errorHeaders } from '../errors/error-response.ts';
import { type IsUnavailable, problemOf } from '../errors/problem.ts';
import { refuse } from '../errors/refusal.ts';
import { rememberRequestId } from '../errors/request-id-of-error.ts';
import type { Log } from '../log/log.ts';
import { type BatchTurns, batchTurns } from './batch-turns.ts';
import { type CallerGone, callerGone } from './caller-gone.ts';
import { bodyText, expectJson, hasUtf8Query } from './json-request.ts';
import { respondToPlainCalls, plainCallsOf } from './plain-calls.ts';
import { TRPC_PATH } from './shell.ts';
import type { ShellApp, ShellContext } from './shell-env.ts';
import { isWithoutBody } from './without-body.ts';

/** What a context is created from. Put `requestId` into the context: errors take it from there. */
export interface TrpcCall {
  readonly req: Request;
  readonly requestId: string;
  readonly clientAddress: string;
  /** Response headers, for example RateLimit-*. */
  readonly resHeaders: Headers;
  readonly signal: CallerGone;
  /** The turns of a large batch's calls. */
  readonly batch?: BatchTurns | undefined;
}

export interface MountTrpcOptions<Router extends AnyTRPCRouter> {
  readonly router: Router;
  readonly createContext: (call: TrpcCall) => inferRouterContext<Router> | Promise<inferRouterContext<Router>>;
  readonly log: Log;
  readonly isUnavailable?: IsUnavailable;
}

/** How many calls a request names; every form of batch separates them by commas. */
const callsIn = ({ path, query }: { path: string; query: (name: string) => string | undefined }): number =>
  query('batch') === '1' ? path.split(/,|%2c/i).length : 1;

/** A POST without a body needs no content type; any other body must be JSON in UTF-8. */
async function asJson(c: ShellContext): Promise<Request> {
  const { raw } = c.req;
  if (!hasUtf8Query(raw.url)) throw refuse('invalid_json', { message: 'The query is not UTF-8.' });
  if (raw.method !== 'POST') return raw;
  expectJson(c);
  const headers = new Headers(raw.headers);
  headers.set('content-type', 'application/json');
  const body = isWithoutBody(c) ? null : await bodyText(c);
  return new Request(raw.url, { method: 'POST', headers, body, signal: raw.signal });
}

/** Serves a router at /trpc: JSON only, at most 20 calls in a batch, errors with their reason and request id. */
export function mountTrpc<Router extends AnyTRPCRouter>(
  app: ShellApp,
  { router, createContext, log, isUnavailable }: MountTrpcOptions<Router>,
): void {
  const report = (error: TRPCError, path: string | undefined, requestId: string) => {
    rememberRequestId(error, requestId);
    const { reason } = problemOf(error, isUnavailable);
    if (reason === 'internal') log.error({ err: error.cause ?? error, requestId, path }, 'unexpected error');
    else log.debug({ reason, requestId, path }, 'refused');
  };

  const headersOf = (errors: readonly TRPCError[]) => {
    const waits = errors.map((error) => problemOf(error, isUnavailable));
    const longest = waits.toSorted((a, b) => (b.retryAfterMs ?? 0) - (a.retryAfterMs ?? 0))[0];
    return longest ? Object.entries(errorHeaders(longest)) : [];
  };

  app.all(`${TRPC_PATH}/*`, async (c) => {
    const requestId = c.get('requestId');
    const onError = (error: TRPCError, path: string | undefined) => report(error, path, requestId);
    const plain = plainCallsOf(c, router);
    const calls = plain?.calls.length ?? callsIn({ path: c.req.path, query: (name) => c.req.query(name) });
    if (calls > limits.batchMaxCalls) throw refuse('batch_too_large');
    const batch = batchTurns(calls);
    const contextWith = (req: Request, resHeaders: Headers) =>
      createContext({
        req,
        resHeaders,
        requestId,
        clientAddress: c.get('clientAddress'),
        signal: callerGone(c),
        batch,
      });

    if (plain !== undefined) {
      const headers = new Headers({ vary: 'trpc-accept, accept', 'content-type': 'application/json' });
      return respondToPlainCalls(c, plain, {
        router,
        headers,
        onError,
        headersOf,
        contextOf: () => contextWith(c.req.raw, headers),
      });
    }
    return fetchRequestHandler<AnyTRPCRouter>({
      endpoint: TRPC_PATH,
      req: await asJson(c),
      router,
      maxBatchSize: limits.batchMaxCalls,
      // Queries that are too long for a URL come as POST.
      allowMethodOverride: true,
      createContext: ({ req, resHeaders }) => contextWith(req, resHeaders),
      onError: ({ error, path }) => onError(error, path),
      responseMeta: ({ errors }) => ({ headers: new Headers(headersOf(errors)) }),
    });
  });
}
