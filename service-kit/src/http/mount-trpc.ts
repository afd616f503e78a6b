import type { AnyTRPCRouter, inferRouterContext, TRPCError } from '@trpc/server';
import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import type { TRPCRequestInfo } from '@trpc/server/http';
import { errorHeaders } from '../errors/error-response.ts';
import { type IsUnavailable, problemOf } from '../errors/problem.ts';
import { refuse } from '../errors/refusal.ts';
import { rememberRequestId } from '../errors/request-id-of-error.ts';
import type { Log } from '../log/log.ts';
import { TRPC_PATH } from './shell.ts';
import type { ShellApp, ShellContext } from './shell-env.ts';
import { isWithoutBody } from './without-body.ts';

/** What a context is made of. Put `requestId` into it: errors carry it from there. */
export interface TrpcCall {
  readonly req: Request;
  readonly requestId: string;
  readonly clientAddress: string;
  /** Headers of the answer, RateLimit-* for example. */
  readonly resHeaders: Headers;
  readonly info: TRPCRequestInfo;
}

export interface MountTrpcOptions<Router extends AnyTRPCRouter> {
  readonly router: Router;
  readonly createContext: (call: TrpcCall) => inferRouterContext<Router> | Promise<inferRouterContext<Router>>;
  readonly log: Log;
  readonly isUnavailable?: IsUnavailable;
}

const BATCH_MAX = 50;

/** A POST without a body needs no content type; everything else that brings a body brings JSON. */
function withJsonType(c: ShellContext): Request {
  const { raw } = c.req;
  if (raw.method !== 'POST') return raw;
  const type = raw.headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase();
  if (type === 'application/json') return raw;
  if (!isWithoutBody(c)) throw refuse('unsupported_media_type');
  const headers = new Headers(raw.headers);
  headers.set('content-type', 'application/json');
  return new Request(raw.url, { method: 'POST', headers, signal: raw.signal });
}

/** Serves a router at /trpc: JSON only, at most 50 calls in a batch, errors with their reason and request id. */
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

  app.all(`${TRPC_PATH}/*`, (c) => {
    const requestId = c.get('requestId');
    return fetchRequestHandler<AnyTRPCRouter>({
      endpoint: TRPC_PATH,
      req: withJsonType(c),
      router,
      maxBatchSize: BATCH_MAX,
      createContext: ({ req, resHeaders, info }) =>
        createContext({ req, resHeaders, info, requestId, clientAddress: c.get('clientAddress') }),
      onError: ({ error, path }) => report(error, path, requestId),
      responseMeta({ errors }) {
        const waits = errors.map((error) => problemOf(error, isUnavailable));
        const longest = waits.toSorted((a, b) => (b.retryAfterMs ?? 0) - (a.retryAfterMs ?? 0))[0];
        return longest ? { headers: new Headers(errorHeaders(longest)) } : {};
      },
    });
  });
}
