import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { Hono, type MiddlewareHandler } from 'hono';
import { createMiddleware } from 'hono/factory';
import { HTTPException } from 'hono/http-exception';
import { methodNotAllowed } from 'hono/method-not-allowed';
import type { Config } from '../config/config.ts';
import { errorResponse, trpcErrorResponse } from '../errors/error-response.ts';
import { type IsUnavailable, problemOf } from '../errors/problem.ts';
import { refuse } from '../errors/refusal.ts';
import type { Log } from '../log/log.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { responseHeaders } from './response-headers.ts';
import { responseHold } from './response-hold.ts';
import { bodyLimit, type IsSignedIn } from './body-limit.ts';
import { BytesInFlight } from './bytes-in-flight.ts';
import { clientAddress, trustedProxies } from './client-address.ts';
import { type ReadyCheck, readiness } from './health.ts';
import { requestIdFrom } from './request-id.ts';
import type { ShellApp, ShellContext, ShellEnv } from './shell-env.ts';

export interface ShellOptions {
  readonly config: Pick<Config, 'server' | 'notify' | 'service'>;
  readonly log: Log;
  readonly ready: () => Promise<readonly ReadyCheck[]>;
  readonly isUnavailable?: IsUnavailable;
  /**
   * Aborted when the service begins to stop: from then on it is not ready, and connections close after their response.
   */
  readonly draining?: AbortSignal;
  /** Decides whose bodies may be long. Default: no one's. */
  readonly isSignedIn?: IsSignedIn;
  /** Requests whose body is neither limited nor counted here: their route does both. */
  readonly limitsItself?: (c: ShellContext) => boolean;
  /** Where responses are counted. */
  readonly metrics?: Pick<Metrics, 'responses'>;
}

export const TRPC_PATH = '/trpc';

const MIB = 1_048_576;
/** One address can use a quarter or a third of the room: a batch of the longest responses is 24 MiB. */
const BODIES_MAX = { perAddress: 16 * MIB, altogether: 64 * MIB };
const RESPONSES_MAX = { perAddress: 32 * MIB, altogether: 96 * MIB };

function isTrpc({ req }: ShellContext): boolean {
  return req.path === TRPC_PATH || req.path.startsWith(`${TRPC_PATH}/`);
}

/** tRPC handles its own methods. */
function onlyOutsideTrpc(middleware: MiddlewareHandler): MiddlewareHandler<ShellEnv> {
  return (c, next) => (isTrpc(c) ? next() : middleware(c, next));
}

/** Converts errors of hono and its middleware. */
function asRefusal(error: Error): Error {
  if (!(error instanceof HTTPException)) return error;
  if (error.status === 413) return refuse('body_too_large');
  if (error.status === 415) return refuse('unsupported_media_type');
  return error.status < 500 ? refuse('invalid_input', { cause: error }) : error;
}

/**
 * The HTTP shell of a service: request ids, headers, limits, health and errors. The service mounts its routes in it.
 */
export function createShell(options: ShellOptions): ShellApp {
  const { config, log, ready, isUnavailable, draining, metrics, isSignedIn = () => Promise.resolve(false) } = options;
  const { limitsItself = () => false } = options;
  const standardHeaders = responseHeaders(config);
  const proxies = trustedProxies(config.server.trustedProxies);
  const { service } = config;
  const responsesInFlight = new BytesInFlight(RESPONSES_MAX);
  const app = new Hono<ShellEnv>();

  const finish = (c: ShellContext, startedAtMs: number) => {
    if (c.res === RESPONSE_ALREADY_SENT) return;
    const { headers, status } = c.res;
    metrics?.responses.count(c.req.method, status);
    headers.set('x-request-id', c.get('requestId'));
    if (draining?.aborted) headers.set('connection', 'close');
    standardHeaders.secure(headers);
    if (c.req.method !== 'OPTIONS') standardHeaders.cors(headers, c.req.raw.headers.get('origin'));
    const level = status >= 500 ? 'info' : 'debug';
    if (!log.isLevelEnabled(level)) return;
    const durationMs = Math.round((performance.now() - startedAtMs) * 10) / 10;
    const address = c.get('clientAddress');
    log[level](
      { requestId: c.get('requestId'), method: c.req.method, path: c.req.path, status, durationMs, address },
      'answered',
    );
  };

  app.use(
    createMiddleware<ShellEnv>(async function shell(c, next) {
      const startedAtMs = performance.now();
      c.set('requestId', requestIdFrom(c.req.raw.headers.get('x-request-id') ?? undefined));
      c.set('clientAddress', clientAddress(c, proxies));
      c.set('responseHold', responseHold(c, responsesInFlight));
      const isPreflight = c.req.method === 'OPTIONS' && c.req.raw.headers.has('access-control-request-method');
      if (isPreflight) c.res = standardHeaders.preflight(c.req.raw.headers.get('origin'));
      else await next();
      finish(c, startedAtMs);
    }),
    bodyLimit(isSignedIn, new BytesInFlight(BODIES_MAX), limitsItself),
    onlyOutsideTrpc(
      methodNotAllowed({
        app,
        onMethodNotAllowed(c, methods) {
          const response = errorResponse(problemOf(refuse('method_not_allowed')), c.get('requestId'));
          response.headers.set('allow', methods.join(', '));
          return response;
        },
      }),
    ),
  );

  app.get('/healthz', (c) => c.json({ status: 'ok', service }));
  app.get('/readyz', async (c) => {
    const state = await readiness(ready, { isDraining: draining?.aborted ?? false });
    return c.json({ ...state, service }, state.status === 'ready' ? 200 : 503);
  });

  const refused = (error: Error, c: ShellContext): Response => {
    const problem = problemOf(asRefusal(error), isUnavailable);
    const requestId = c.get('requestId');
    if (problem.reason === 'internal') log.error({ err: error, requestId, path: c.req.path }, 'unexpected error');
    else log.debug({ reason: problem.reason, requestId, path: c.req.path }, 'refused');
    return isTrpc(c) ? trpcErrorResponse(problem, requestId) : errorResponse(problem, requestId);
  };
  app.onError(refused);
  app.notFound((c) => refused(refuse('route_not_found'), c));
  return app;
}
