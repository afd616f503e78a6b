import { TRPCClientError } from '@trpc/client';
import type { ErrorShape, FechatterRouter } from '../wire.ts';
import { type Written, wireForm } from '../wire-form.ts';
import { ConnectionError, ofStatus } from './connection-error.ts';
import type { Arrival, Event } from './event.ts';
import { RESPONSE_MS, fetchEvents } from './fetch-events.ts';
import { type Frame, readFrames } from './sse.ts';

export interface ConnectOptions {
  readonly notifyUrl: string;
  readonly fetch: typeof globalThis.fetch;
  /** How long the stream may be silent, without even a ping. The service pings every 15 s. */
  readonly inactivityMs: number;
}

export interface ConnectRequest {
  readonly token: string | undefined;
  readonly since: string | undefined;
  readonly signal: AbortSignal;
  /** Called when anything arrives, even a ping. */
  readonly onActivity?: () => void;
}

/**
 * Reads one stream until it breaks: resolves when the service ends it; throws a refusal, a {@link ConnectionError}, or
 * what `onArrival` throws.
 */
export async function connect(
  { notifyUrl, fetch, inactivityMs }: ConnectOptions,
  { token, since, signal, onActivity = () => {} }: ConnectRequest,
  onArrival: (arrival: Arrival) => void,
): Promise<void> {
  const cut = new AbortController();
  const onAbort = () => cut.abort();
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) cut.abort();
  const responseMs = Math.min(RESPONSE_MS, inactivityMs);
  try {
    const headers = {
      accept: 'text/event-stream',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(since !== undefined && { 'last-event-id': since }),
    };
    const url = `${notifyUrl}/trpc/notification.events`;
    const response = await fetchEvents(fetch, { url, headers, signal: cut.signal, responseMs });
    if (!response.ok) throw ofStatus(response.status);
    if (response.headers.get('content-type')?.includes('text/event-stream') !== true)
      throw new ConnectionError('not_a_stream', 'the response is not an event stream: is notifyUrl right?', {
        status: response.status,
      });
    const body = response.body as ReadableStream<Uint8Array> | null | undefined;
    if (typeof body?.getReader !== 'function')
      throw new ConnectionError('no_streaming', 'fetch cannot stream bodies on this platform');
    await readFrames(body, { inactivityMs, firstMs: responseMs }, (frame) => {
      onActivity();
      take(frame, onArrival);
    });
  } finally {
    signal.removeEventListener('abort', onAbort);
    cut.abort();
  }
}

function take({ event, id, data }: Frame, onArrival: (arrival: Arrival) => void): void {
  switch (event) {
    case undefined:
    case 'message':
      return onArrival({ event: deserialized(data) as Event, token: id });
    case 'restore-id':
      return onArrival({ token: id });
    case 'serialized-error':
      throw TRPCClientError.from<FechatterRouter>({ error: deserialized(data) as ErrorShape });
    default: // connected, ping, and what a newer service sends
  }
}

/** An event or an error, as the service serialised it; its types are the wire's own. */
const deserialized = (data: string): unknown => wireForm.deserialize(JSON.parse(data) as Written);
