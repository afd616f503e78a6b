import type { Event } from '@fechatter/contract';
import { TRPCClientError } from '@trpc/client';
import superjson, { type SuperJSONResult } from 'superjson';
import { reasonOf } from './errors.ts';
import type { FechatterRouter } from './router.ts';
import type { SessionKeeper } from './session.ts';
import { readFrames } from './sse.ts';

/** How it stands with the live connection. */
export type ConnectionStatus = 'connecting' | 'live' | 'reconnecting' | 'ended';

export interface EventsOptions {
  /** Where to begin: `eventCursor` of a list, or the `cursor` of an earlier stream. Without it: from now. */
  readonly since?: string | undefined;
  /** Ends the stream. */
  readonly signal?: AbortSignal | undefined;
  readonly onStatus?: ((status: ConnectionStatus) => void) | undefined;
}

/** Live events, without loss or repetition over any number of reconnects. */
export interface EventStream extends AsyncIterable<Event> {
  /** The token of the last event that was handed out: pass it as `since` to go on from there. */
  readonly cursor: string | undefined;
}

export interface EventSourceOptions {
  readonly notifyUrl: string;
  readonly fetch: typeof globalThis.fetch;
  readonly keeper: SessionKeeper;
}

const INACTIVITY_MS = 45_000;
const BACKOFF_FIRST_MS = 250;
const BACKOFF_MAX_MS = 15_000;

/** Opens a stream when it is iterated, and again whenever it breaks, until the signal aborts or the session ends. */
export function eventStream(source: EventSourceOptions, options: EventsOptions = {}): EventStream {
  const place: Place = { cursor: options.since };
  return {
    get cursor() {
      return place.cursor;
    },
    [Symbol.asyncIterator]: () => follow(source, options, place),
  };
}

interface Place {
  cursor: string | undefined;
}

async function* follow(source: EventSourceOptions, options: EventsOptions, place: Place): AsyncGenerator<Event> {
  const { signal, onStatus = () => {} } = options;
  let backoffMs = BACKOFF_FIRST_MS;
  try {
    onStatus('connecting');
    while (signal?.aborted !== true) {
      const token = await source.keeper.token().catch(() => source.keeper.current?.token);
      try {
        for await (const event of connect(source, place, token, signal)) {
          if (event.kind === 'ready') {
            backoffMs = BACKOFF_FIRST_MS;
            onStatus('live');
          }
          yield event;
        }
      } catch (error) {
        if (isAborted(signal)) return;
        await recover(source.keeper, token, error);
      }
      onStatus('reconnecting');
      await pause(backoffMs * (0.5 + Math.random() / 2), signal);
      backoffMs = Math.min(backoffMs * 2, BACKOFF_MAX_MS);
    }
  } finally {
    onStatus('ended');
  }
}

/** Throws where another try cannot succeed: there is no session (any more). */
async function recover(keeper: SessionKeeper, token: string | undefined, error: unknown): Promise<void> {
  const reason = reasonOf(error);
  if (reason === 'session_revoked') await keeper.end();
  if (keeper.current === null) throw error;
  if (reason === 'token_expired' || reason === 'token_invalid') await keeper.refresh(token ?? '').catch(() => {});
}

async function* connect(
  { notifyUrl, fetch }: EventSourceOptions,
  place: Place,
  token: string | undefined,
  signal: AbortSignal | undefined,
): AsyncGenerator<Event> {
  const cut = new AbortController();
  const onAbort = () => cut.abort();
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    const response = await fetch(`${notifyUrl}/trpc/notification.events`, {
      headers: {
        accept: 'text/event-stream',
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(place.cursor !== undefined && { 'last-event-id': place.cursor }),
      },
      signal: cut.signal,
      cache: 'no-store',
    });
    if (!response.ok || response.body === null) throw new Error(`the event stream answered ${response.status}`);
    for await (const frame of readFrames(response.body, INACTIVITY_MS)) {
      switch (frame.event) {
        case undefined:
        case 'message': {
          const event = superjson.deserialize<Event>(JSON.parse(frame.data) as SuperJSONResult);
          place.cursor = frame.id ?? place.cursor;
          yield event;
          break;
        }
        case 'restore-id':
          place.cursor = frame.id ?? place.cursor;
          break;
        case 'serialized-error':
          throw TRPCClientError.from<FechatterRouter>({
            error: superjson.deserialize(JSON.parse(frame.data) as SuperJSONResult),
          });
        default: // connected, ping
      }
    }
  } finally {
    signal?.removeEventListener('abort', onAbort);
    cut.abort();
  }
}

const isAborted = (signal: AbortSignal | undefined): boolean => signal?.aborted === true;

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done, { once: true });
    if (isAborted(signal)) done();
  });
}
