import { limits } from '@fechatter/contract';
import { isUnavailable } from '@fechatter/drizzle';
import {
  bearerOf,
  mustFollow,
  errorResponse,
  principalOf,
  problemOf,
  refuse,
  type ShellApp,
  type ShellContext,
} from '@fechatter/service-kit';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { setTimeout as wait } from 'node:timers/promises';
import type { StreamRequest } from '../attach/attach.ts';
import { redeemTicket } from '../notification/ticket.ts';
import type { SocketTransport } from '../transport/socket-transport.ts';
import { attachUnlessDraining, type NotifyService, socketTransport } from './service.ts';
import { streamHead } from './stream-head.ts';

const PATH = '/api/notifications/events';
const RETRY_MS = 500;
/**
 * The minimum time before a client reconnects; randomised, so that the clients of an instance do not all reconnect at
 * once.
 */
export const COME_BACK_MS = 1_000;
/** A stream that cannot attach for this long ends; its client reconnects, perhaps to another instance. */
const WAIT_MAX_MS = 60_000;

/**
 * Serves the plain stream. Its status is 200, 401 or 429. A 503 would stop an EventSource for good, so while the
 * database is down a stream is accepted, kept alive, and attached as soon as possible.
 */
export function mountPlainStream(app: ShellApp, service: NotifyService): void {
  app.get(PATH, async (c) => {
    const { incoming, outgoing } = c.env;
    if (!incoming || !outgoing || !('assignSocket' in outgoing)) throw new Error('a stream needs a socket');
    if (incoming.method === 'HEAD') return c.body(null, 200, { 'content-type': 'text/event-stream' });
    const headers = streamHead({
      responseHeaders: service.responseHeaders,
      requestId: c.get('requestId'),
      origin: c.req.raw.headers.get('origin'),
    });
    const transport = socketTransport(service, outgoing, 'plain');
    const identify = identifierOf(service, c);
    const open = () => transport.open(headers, comeBack(service));
    try {
      await attachUnlessDraining(service, await identify(), transport, open);
    } catch (error) {
      // Another attempt must not follow the frames of this one: its ids would go back. The client reconnects.
      if (transport.isOpen || !isAway(error)) return refused(service, c, transport, error);
      open();
      void attachLater(service, identify, transport);
    }
    return RESPONSE_ALREADY_SENT;
  });
  app.all(PATH, (c) => {
    const response = errorResponse(problemOf(refuse('method_not_allowed')), c.get('requestId'));
    response.headers.set('allow', 'GET');
    return response;
  });
}

/** The `retry:` field, which tells a client how long to wait before it reconnects. */
const comeBack = ({ comeBackMs }: NotifyService): Buffer =>
  Buffer.from(`retry: ${Math.round(comeBackMs * (1 + Math.random()))}\n\n`);

/** Identifies the caller, once; again only while the database was not available. */
function identifierOf({ verifier, db }: NotifyService, c: ShellContext): () => Promise<StreamRequest> {
  const bearer = bearerOf(c.req.header('authorization'));
  const ticket = c.req.query('ticket');
  const token = c.req.header('last-event-id') || c.req.query('last_event_id');
  let known: StreamRequest | undefined;
  return async () => {
    if (known !== undefined) return known;
    if (bearer !== undefined) {
      const principal = principalOf(await verifier.verify(bearer, c.get('clientAddress')));
      mustFollow(principal);
      known = { principal, token };
    } else if (ticket !== undefined)
      known = { principal: await redeemTicket(db, ticket), token, livesMs: limits.ticketStreamSeconds * 1_000 };
    else throw refuse('not_signed_in');
    return known;
  };
}

/** Reports an error as a status or, if the head was already sent, by ending the stream. */
function refused({ log }: NotifyService, c: ShellContext, transport: SocketTransport, error: unknown): Response {
  if (!transport.isOpen) throw error;
  const problem = problemOf(error, isUnavailable);
  if (problem.reason === 'internal') log.error({ err: error, requestId: c.get('requestId') }, 'unexpected error');
  transport.cut();
  return RESPONSE_ALREADY_SENT;
}

async function attachLater(
  service: NotifyService,
  identify: () => Promise<StreamRequest>,
  transport: SocketTransport,
): Promise<void> {
  const { waiting } = service.keepAlive;
  const untilMs = performance.now() + WAIT_MAX_MS;
  waiting.add(transport);
  try {
    while (!transport.isOver && waiting.has(transport) && performance.now() < untilMs) {
      await wait(RETRY_MS);
      try {
        await attachUnlessDraining(service, await identify(), transport, () => waiting.delete(transport));
        return;
      } catch (error) {
        if (!isAway(error)) break;
      }
    }
    transport.end();
  } finally {
    waiting.delete(transport);
  }
}

const isAway = (error: unknown): boolean => problemOf(error, isUnavailable).reason === 'database_unavailable';
