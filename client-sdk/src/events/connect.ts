import { TRPCClientError } from '@trpc/client';
import type { SuperJSONResult } from 'superjson';
import type { ErrorShape, FechatterRouter } from '../wire.ts';
import { wireForm } from '../wire-form.ts';
import type { Arrival, Event } from './event.ts';
import { type Frame, readFrames } from './sse.ts';

export interface ConnectOptions {
  readonly notifyUrl: string;
  readonly fetch: typeof globalThis.fetch;
  /** How long nothing, not even a ping, may come. The service pings every 15 s. */
  readonly inactivityMs: number;
}

export interface Asked {
  readonly token: string | undefined;
  readonly since: string | undefined;
  readonly signal: AbortSignal;
}

/** The service cannot be reached: there was no answer at all. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

const ANSWER_MS = 15_000;

/**
 * One stream, until it breaks: resolves when the service ends it, throws a refusal, {@link Unreachable}, or whatever
 * `onArrival` throws.
 */
export async function connect(
  { notifyUrl, fetch, inactivityMs }: ConnectOptions,
  { token, since, signal }: Asked,
  onArrival: (arrival: Arrival) => void,
): Promise<void> {
  const cut = new AbortController();
  const onAbort = () => cut.abort();
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) cut.abort();
  const impatience = setTimeout(onAbort, Math.min(ANSWER_MS, inactivityMs));
  try {
    const headers = {
      accept: 'text/event-stream',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(since !== undefined && { 'last-event-id': since }),
    };
    const response = await fetch(`${notifyUrl}/trpc/notification.events`, {
      headers,
      signal: cut.signal,
      cache: 'no-store',
    }).catch((cause: unknown) => {
      throw new Unreachable('the event stream cannot be reached', { cause });
    });
    clearTimeout(impatience);
    if (!response.ok || response.body === null) throw new Error(`the event stream answered ${response.status}`);
    await readFrames(response.body, inactivityMs, (frame) => take(frame, onArrival));
  } finally {
    clearTimeout(impatience);
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
    default: // connected, ping
  }
}

/** What the service serialised: an event or an error, as the frame says; its types are the wire's own. */
const deserialized = (data: string): unknown => wireForm.deserialize(JSON.parse(data) as SuperJSONResult);
