import type { Cursor } from '@fechatter/contract';
import { type Principal, refuse } from '@fechatter/service-kit';
import type { Connection } from '../hub/connection.ts';
import type { Transport } from '../transport/transport.ts';
import { readyFrame, resetFrame } from '../wire/frame.ts';
import { replay, untilFresh } from './replay.ts';
import { requestedPoint, type ResumePoint, servedPoint } from './resume-point.ts';
import type { Streams } from './streams.ts';

/** A request for a stream: by whom, and from which position. */
export interface StreamRequest {
  readonly principal: Principal;
  /** The last event that the client has. */
  readonly token: string | undefined;
  /** It requests a page, and is not a stream that later calls can refer to. */
  readonly isPage?: true;
  /** How long the stream can last at most. */
  readonly livesMs?: number | undefined;
}

/** How long a session counts as valid before its row is read again; its end comes through the log at once. */
export const SESSION_CHECK_MS = 60_000;
export const READY_AGAIN_MS = 3_600_000;
const START_WAIT_MS = 2_000;
const KNOWN_WAIT_MS = 1_000;

/**
 * Attaches a stream until it is live. It is registered at the instance's position before anything is read for it, so
 * that every committed row is either in what is read or in what the tail passes on. Throws a refusal if the session has
 * ended, and the driver's error if the database is down; then the transport stays with the caller. `onAdmitted` is
 * called when the session has been found valid, before the first frame.
 */
export async function attach(
  streams: Streams,
  request: StreamRequest,
  transport: Transport,
  onAdmitted: () => void = () => {},
): Promise<void> {
  const { hub } = streams;
  const { principal } = request;
  await untilStarted(streams);
  const requested = await requestedPoint(streams, request.token);
  if (requested === undefined) return transport.cut();
  const requestedAtMs = performance.now();
  const { connection, at } = hub.register(principal.userId, principal.credential.sessionId, transport);
  try {
    await Promise.all([admit(streams, connection, request), untilKnown(streams, connection, requestedAtMs)]);
    if (connection.isGone()) return;
    // It may have ended while the log was read.
    if (connection.session.isRevoked) throw refuse('session_revoked');
    onAdmitted();
    if (!(await bringUpToDate(streams, connection, requested, at))) return hub.roster.cut(connection);
    if (!connection.isGone()) streams.presence.arrive(connection, request.isPage === true);
  } catch (error) {
    hub.roster.release(connection);
    throw error;
  }
}

async function untilStarted({ hub }: Streams): Promise<void> {
  if (hub.position === undefined) await hub.afterNextRead(START_WAIT_MS);
  if (hub.position === undefined) throw refuse('database_unavailable');
}

async function admit({ sessions }: Streams, connection: Connection, { livesMs }: StreamRequest): Promise<void> {
  const { session, reader } = connection;
  const askedAtMs = performance.now();
  const [stored] = await Promise.all([sessions.read(session.id), reader.loading]);
  if (session.isRevoked || stored?.userId !== reader.userId) throw refuse('session_revoked');
  if (!session.isAllowed(stored.scopes, askedAtMs)) throw refuse('scope_missing');
  const nowMs = performance.now();
  session.checkAtMs = Math.min(session.checkAtMs, nowMs + Math.min(stored.expiresInMs, SESSION_CHECK_MS));
  if (livesMs !== undefined) connection.cutAtMs = nowMs + livesMs;
}

/**
 * Waits until every revocation from before the request is known. If the person's periods are read for this stream, they
 * include it; if they were known already, the log is read again, for all streams that attach meanwhile.
 */
async function untilKnown(streams: Streams, connection: Connection, requestedAtMs: number): Promise<void> {
  const { hub, knownAsOfMs, readNow } = streams;
  if (connection.reader.requestedAtMs >= requestedAtMs) return;
  while (!connection.isGone() && knownAsOfMs() < requestedAtMs) {
    readNow();
    await hub.afterNextRead(KNOWN_WAIT_MS);
  }
}

/** Replays the missed events and goes live; false if the stream must be cut. */
async function bringUpToDate(
  streams: Streams,
  connection: Connection,
  requested: ResumePoint,
  at: Cursor,
): Promise<boolean> {
  const { hub, turn, counts } = streams;
  let point =
    typeof requested.from === 'object' ? await servedPoint(streams, connection, requested.from, at) : requested;
  if (typeof point.from === 'object') {
    const outcome = await replay(streams, connection, point.from, at);
    if (outcome === 'broken') return false;
    if (outcome === 'forgotten') point = { from: 'reset', reason: 'cursor_expired' };
  }
  if (!(await untilFresh(hub, connection))) return false;
  if (connection.session.isRevoked) throw refuse('session_revoked');
  const { transport } = connection;
  connection.isResumed = typeof point.from === 'object';
  connection.readyAgainAtMs = performance.now() + READY_AGAIN_MS;
  if ('reason' in point) {
    counts.resets[point.reason]++;
    transport.send(resetFrame(at, point.reason));
  }
  transport.send(readyFrame(at, connection.isResumed, connection.streamId));
  if (connection.isResumed) counts.resumed++;
  else counts.started++;
  connection.goLive();
  turn.flush();
  return true;
}
