import { isUnavailable } from '@fechatter/drizzle';
import {
  bodyText,
  hasUtf8Query,
  problemOf,
  readInput,
  refuse,
  type ShellApp,
  type ShellContext,
} from '@fechatter/service-kit';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { callTRPCProcedure, TRPCError } from '@trpc/server';
import { EventStream } from '../notification/event-stream.ts';
import type { SocketTransport } from '../transport/socket-transport.ts';
import { router } from '../router.ts';
import { type Context, errorShapeOf, sseClientOptions } from '../trpc.ts';
import { connectedBytes, errorBytes } from '../wire/trpc-envelope.ts';
import { type NotifyService, socketTransport } from './service.ts';
import { streamHead } from './stream-head.ts';

const PATH = 'notification.events';
const TOKEN_MAX_CHARS = 1_000;
const connected = connectedBytes(sseClientOptions);

/**
 * Serves the subscription on tRPC's wire with raw writes: the typed procedure authenticates and validates, its stream
 * is attached to the socket, and errors are tRPC's own frames. tRPC handles everything else on this path.
 */
export function mountTrpcStream(
  app: ShellApp,
  service: NotifyService,
  createContext: (call: Pick<Context, 'requestId' | 'authorization' | 'address'>) => Context,
): void {
  app.on(['GET', 'POST'], `/trpc/${PATH}`, async (c, next) => {
    const { incoming, outgoing } = c.env;
    if (
      !incoming ||
      !outgoing ||
      !('assignSocket' in outgoing) ||
      incoming.method === 'HEAD' ||
      c.req.query('batch') === '1'
    )
      return next();
    const requestId = c.get('requestId');
    const headers = streamHead({
      responseHeaders: service.responseHeaders,
      requestId,
      origin: c.req.raw.headers.get('origin'),
    });
    const transport = socketTransport(service, outgoing, 'trpc');
    const ctx = createContext({
      requestId,
      authorization: c.req.header('authorization'),
      address: c.get('clientAddress'),
    });
    const input = rawInputOf(c);
    // The procedure reads it later; until then a rejection must not count as unhandled.
    input.catch(() => {});
    transport.open(headers, connected);
    void openStream(service, ctx, input, transport);
    return RESPONSE_ALREADY_SENT;
  });
}

async function openStream(
  { log }: NotifyService,
  ctx: Context,
  input: Promise<unknown>,
  transport: SocketTransport,
): Promise<void> {
  try {
    const result: unknown = await callTRPCProcedure({
      router,
      path: PATH,
      type: 'subscription',
      ctx,
      getRawInput: () => input,
      signal: undefined,
      batchIndex: 0,
    });
    if (!(result instanceof EventStream)) throw new Error('the subscription did not return a stream of events');
    await result.attachTo(transport);
  } catch (error) {
    const { requestId } = ctx;
    const { reason } = problemOf(error, isUnavailable);
    if (reason === 'internal') log.error({ err: error, requestId, path: PATH }, 'unexpected error');
    else log.debug({ reason, requestId, path: PATH }, 'refused');
    transport.write(errorBytes(errorShapeOf(error, PATH, ctx)));
    transport.end();
  }
}

/** The input as tRPC reads it, from the query or the body, with the id that an EventSource sends when it reconnects. */
async function rawInputOf(c: ShellContext): Promise<unknown> {
  const { req } = c;
  const { headers, url } = req.raw;
  if (!hasUtf8Query(url)) throw refuse('invalid_json', { message: 'The query is not UTF-8.' });
  const text = req.method === 'GET' ? req.query('input') : await bodyText(c);
  const input = text === undefined || text === '' ? undefined : deserialized(text);
  const given = headers.get('last-event-id') ?? req.query('lastEventId') ?? req.query('Last-Event-Id');
  if (!given) return input;
  // A text that is too long for a token can be truncated: the response to an unusable token is a reset, not an error.
  const lastEventId = given.slice(0, TOKEN_MAX_CHARS);
  if (typeof input === 'object' && input !== null && !Array.isArray(input)) return { ...input, lastEventId };
  return input ?? { lastEventId };
}

function deserialized(text: string): unknown {
  try {
    return readInput(JSON.parse(text));
  } catch (cause) {
    throw new TRPCError({
      code: 'BAD_REQUEST',
      message: cause instanceof Error ? cause.message : 'Invalid input',
      cause,
    });
  }
}
