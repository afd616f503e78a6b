import type { EventCounts, KnownSeqs } from './gap-detection.ts';
import type { Event } from './event.ts';
import type { EventHub } from './hub.ts';
import type { ConnectionStatus } from './connection.ts';
import { Listener } from './listener.ts';

/** Where a place is kept between starts of an app. Each way may be asynchronous. */
export interface CursorStorage {
  load(): string | null | undefined | Promise<string | null | undefined>;
  save(cursor: string): void | Promise<void>;
}

export interface EventsOptions {
  /** Where to begin: `eventCursor` of a list, or the `cursor` of an earlier stream. Without it: from now. */
  readonly since?: string | undefined;
  /**
   * Begins where this says, and keeps there how far events were handled: an event is handled when the next one is
   * asked for, or `onEvent` has returned. After a crash the last one may come again.
   */
  readonly cursorStorage?: CursorStorage | undefined;
  /** Ends the stream. */
  readonly signal?: AbortSignal | undefined;
  readonly onStatus?: ((status: ConnectionStatus) => void) | undefined;
  /** So many events wait for a slow listener, 1,000 where nothing is said; the rest it fetches when it has caught up. */
  readonly queueMax?: number | undefined;
  /** What a read has shown, so that a gap behind it is found. */
  readonly known?: KnownSeqs | undefined;
}

export interface SubscribeOptions extends EventsOptions {
  /** Called for one event after the other; the next one waits for what it returns. What it throws ends the stream. */
  readonly onEvent: (event: Event) => unknown;
  /** Called once, with what ended the stream: the session is over, or `onEvent` threw. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** A listener's place in the stream. */
export interface EventPlace {
  /** The token of the last event that was handed out: pass it as `since` to go on from there. */
  readonly cursor: string | undefined;
  /** What all listeners of this client were given so far. */
  readonly counts: EventCounts;
}

/** Live events, without loss or repetition over any number of reconnects. */
export interface EventStream extends AsyncIterable<Event>, EventPlace {}

export interface Subscription extends EventPlace {
  readonly unsubscribe: () => void;
}

/** Joins the shared connection when it is iterated, until the signal aborts, `break`, or the session ends. */
export function eventStream(hub: EventHub, options: EventsOptions = {}): EventStream {
  const place: Place = { since: options.since };
  return {
    get cursor() {
      return cursorOf(place);
    },
    get counts() {
      return hub.counts;
    },
    [Symbol.asyncIterator]: () => follow(hub, options, place),
  };
}

/** The same for callbacks. */
export function subscribeTo(
  hub: EventHub,
  { onEvent, onError = () => {}, ...options }: SubscribeOptions,
): Subscription {
  const stop = new AbortController();
  const onAbort = () => stop.abort();
  options.signal?.addEventListener('abort', onAbort, { once: true });
  if (options.signal?.aborted === true) onAbort();
  const stream = eventStream(hub, { ...options, signal: stop.signal });
  const run = async () => {
    for await (const event of stream) await onEvent(event);
  };
  void run()
    .catch(onError)
    .finally(() => options.signal?.removeEventListener('abort', onAbort));
  return {
    get cursor() {
      return stream.cursor;
    },
    get counts() {
      return hub.counts;
    },
    unsubscribe: onAbort,
  };
}

const QUEUE_MAX = 1_000;

interface Place {
  since: string | undefined;
  listener?: Listener;
}

const cursorOf = ({ listener, since }: Place) => listener?.cursor ?? since;

async function* follow(
  hub: EventHub,
  { cursorStorage, signal, onStatus = () => {}, known, queueMax = QUEUE_MAX }: EventsOptions,
  place: Place,
): AsyncGenerator<Event, void, undefined> {
  if (cursorStorage !== undefined) place.since ??= (await cursorStorage.load()) ?? undefined;
  const listener = new Listener(cursorOf(place), queueMax, onStatus);
  place.listener = listener;
  const onAbort = () => {
    listener.clear();
    listener.end();
  };
  signal?.addEventListener('abort', onAbort, { once: true });
  if (signal?.aborted === true) onAbort();
  else {
    listener.onStatus('connecting');
    hub.join(listener, known);
  }
  const catchUp = () => {
    if (listener.isBehind) hub.join(listener);
  };
  try {
    for (let event = await listener.next(catchUp); event !== undefined; event = await listener.next(catchUp)) {
      yield event;
      if (cursorStorage !== undefined && listener.cursor !== undefined) await cursorStorage.save(listener.cursor);
    }
  } finally {
    signal?.removeEventListener('abort', onAbort);
    hub.leave(listener);
    listener.end();
  }
}
