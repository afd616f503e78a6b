import { getRequestListener, type HttpBindings, RequestError } from '@hono/node-server';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { Config } from '../config/config.ts';
import { addressUrl } from '../config/derived.ts';
import { hostInOneForm } from '../config/hosts.ts';
import { errorResponse } from '../errors/error-response.ts';
import { problemOf } from '../errors/problem.ts';
import { refuse } from '../errors/refusal.ts';
import { requestIdFrom } from '../http/request-id.ts';
import type { Log } from '../log/log.ts';
import { arrived, ClosingAfterUnreadBody, closeInOrder } from './close-in-order.ts';
import { unfinishedResponses, within } from './drain.ts';
import { listenError } from './listen-error.ts';

export interface RunOptions {
  readonly config: Pick<Config, 'service' | 'http'>;
  readonly host: string;
  readonly port: number;
  readonly log: Log;
  /** The shell's `app.fetch`, or a wrapper around it. */
  readonly fetch: (request: Request, env: HttpBindings) => Response | Promise<Response>;
  /** The shell's; it is aborted first. */
  readonly draining?: AbortController;
  /**
   * Ends what would never end by itself: a notify closes its streams here. New connections are not accepted any more.
   */
  readonly beforeClose?: () => Promise<void>;
  /** Closes the database and everything else, when no response is unfinished any more. */
  readonly close: () => Promise<void>;
}

/** A running service. */
export interface RunningService {
  readonly url: string;
  readonly port: number;
  readonly log: Log;
  /** Finishes responses within `http.drainMs`, then closes everything. Further calls return the same promise. */
  readonly close: () => Promise<void>;
}

const HEADER_MAX_BYTES = 16_384;
const CLOSE_MAX_MS = 5_000;
const CHECK_EVERY_MAX_MS = 5_000;
/** The queue of connections to be accepted: all clients of an instance may reconnect at once. */
const BACKLOG = 4_096;

/** Handles errors outside of the app: a request without a valid target, a stream that breaks. */
function responseOutside(error: unknown, log: Log): Response {
  const requestId = requestIdFrom(undefined);
  if (error instanceof RequestError)
    return errorResponse(problemOf(refuse('invalid_input', { message: error.message })), requestId);
  log.error({ err: error, requestId }, 'unexpected error outside of the app');
  return errorResponse(problemOf(error), requestId);
}

function listen(server: Server, { config, host, port }: RunOptions): Promise<number> {
  return new Promise((settle, fail) => {
    server.once('error', (error) => fail(listenError(error, { service: config.service, host, port })));
    server.listen({ port, host, backlog: BACKLOG }, () => {
      server.removeAllListeners('error');
      settle((server.address() as AddressInfo).port);
    });
  });
}

/** Listens, and returns how to stop. Does not touch the process itself: see runMain. */
export async function runService(options: RunOptions): Promise<RunningService> {
  const { config, host, log, fetch, draining, beforeClose, close } = options;
  const { headersTimeoutMs, requestTimeoutMs, keepAliveTimeoutMs, drainGraceMs, drainMs } = config.http;
  const respond = async (request: Request, env: HttpBindings) => {
    const response = await fetch(request, env);
    await arrived(env.incoming);
    return response;
  };
  const listener = getRequestListener((request, env) => respond(request, env as HttpBindings), {
    // For requests without a host, which HTTP/1.0 allows.
    hostname: 'localhost',
    errorHandler: (error) => responseOutside(error, log),
  });
  const server = createServer(
    {
      ServerResponse: ClosingAfterUnreadBody,
      maxHeaderSize: HEADER_MAX_BYTES,
      // Node refuses to start if a head may take longer than a whole request.
      headersTimeout: Math.min(headersTimeoutMs, requestTimeoutMs),
      requestTimeout: requestTimeoutMs,
      keepAliveTimeout: keepAliveTimeoutMs,
      // How often node checks for requests that take too long.
      connectionsCheckingInterval: Math.min(CHECK_EVERY_MAX_MS, requestTimeoutMs),
    },
    (incoming, outgoing) => {
      const { headers } = incoming;
      if (headers.host?.startsWith('[')) headers.host = hostInOneForm(headers.host);
      void listener(incoming, outgoing);
    },
  );
  server.on('connection', closeInOrder);
  const unfinished = unfinishedResponses(server);
  const port = await listen(server, options);
  server.on('error', (error) => log.error({ err: error }, 'the server cannot accept connections'));
  const url = addressUrl({ host, port });
  log.info({ url }, 'listening');

  const stop = async () => {
    draining?.abort();
    log.info('stopping');
    if (drainGraceMs > 0) await wait(drainGraceMs);
    server.close();
    const cut = Promise.resolve(beforeClose?.()).catch((error: unknown) => log.error({ err: error }, 'cutting failed'));
    if (!(await within(cut, CLOSE_MAX_MS))) log.warn('cutting streams takes too long; continuing');
    if (!(await unfinished.idle(drainMs))) log.warn({ drainMs }, 'cutting requests that take too long');
    server.closeAllConnections();
    if (!(await within(close(), CLOSE_MAX_MS))) log.warn('closing takes too long; going without');
    log.info('stopped');
  };
  let stopped: Promise<void> | undefined;
  return { url, port, log, close: () => (stopped ??= stop()) };
}
