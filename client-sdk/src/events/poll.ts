import { TRPCClientError } from '@trpc/client';
import type { ErrorShape, EventList, FechatterRouter } from '../wire.ts';
import { type Written, wireForm } from '../wire-form.ts';
import type { ConnectRequest, ConnectOptions } from './connect.ts';
import { ConnectionError, ofStatus } from './connection-error.ts';
import type { Arrival } from './event.ts';
import { RESPONSE_MS, fetchEvents } from './fetch-events.ts';

export interface PollRequest extends Omit<ConnectRequest, 'token'> {
  /** Called for each page. */
  readonly token: () => Promise<string | undefined>;
}

const PAGE_MAX = 500;
const WAIT_SECONDS = 20;

/**
 * Reads events like a stream, but page by page. It does not resolve until it is stopped, and throws what a stream
 * throws.
 */
export async function poll(
  options: ConnectOptions,
  { token, since, signal, onActivity = () => {} }: PollRequest,
  onArrival: (arrival: Arrival) => void,
): Promise<void> {
  const waitSeconds = Math.min(Math.max(Math.floor(options.inactivityMs / 2_000), 1), WAIT_SECONDS);
  let cursor = since;
  let isResumed = since !== undefined;
  for (let isLive = false; !signal.aborted; ) {
    const request = { since: cursor, waitSeconds: isLive ? waitSeconds : 0 };
    const page = await pageOf(options, request, await token(), signal);
    if (signal.aborted) return;
    onActivity();
    cursor = page.cursor;
    if (page.reset !== null) {
      isResumed = false;
      onArrival({ event: { kind: 'reset', cursor, reason: page.reset }, token: cursor });
    }
    for (const { id, event } of page.events) onArrival({ event, token: id });
    if (!isLive && !page.hasMore) {
      isLive = true;
      onArrival({ event: { kind: 'ready', cursor, resumed: isResumed }, token: cursor });
    } else if (page.events.length === 0) onArrival({ token: cursor });
  }
}

async function pageOf(
  { notifyUrl, fetch }: ConnectOptions,
  { since, waitSeconds }: { readonly since: string | undefined; readonly waitSeconds: number },
  token: string | undefined,
  signal: AbortSignal,
): Promise<EventList> {
  const cut = new AbortController();
  const onAbort = () => cut.abort();
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) cut.abort();
  const responseMs = waitSeconds * 1_000 + RESPONSE_MS;
  const late = setTimeout(onAbort, 2 * responseMs);
  try {
    const input = wireForm.serialize({ limit: PAGE_MAX, waitSeconds, ...(since !== undefined && { since }) });
    const response = await fetchEvents(fetch, {
      url: `${notifyUrl}/trpc/notification.list?input=${encodeURIComponent(JSON.stringify(input))}`,
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      signal: cut.signal,
      responseMs,
    });
    const parsed = parseResponse(await response.text(), response.status);
    if ('error' in parsed)
      throw TRPCClientError.from<FechatterRouter>({ error: wireForm.deserialize(parsed.error) as ErrorShape });
    return wireForm.deserialize(parsed.result.data) as EventList;
  } finally {
    clearTimeout(late);
    signal.removeEventListener('abort', onAbort);
    cut.abort();
  }
}

type ListResponse = { readonly error: Written } | { readonly result: { readonly data: Written } };

/** Parses a response of tRPC; throws if it is not one. */
function parseResponse(text: string, status: number): ListResponse {
  if (status === 404) throw ofStatus(status);
  let parsed: Partial<ListResponse> | undefined;
  try {
    parsed = JSON.parse(text) as Partial<ListResponse>;
  } catch {
    parsed = undefined;
  }
  if (parsed !== undefined && parsed !== null && ('error' in parsed || 'result' in parsed))
    return parsed as ListResponse;
  throw status >= 400
    ? ofStatus(status)
    : new ConnectionError('not_a_stream', 'the response is not a list of events', { status });
}
