import { inTime } from '../in-time.ts';
import { callIsolated, type ErrorReport } from '../report-error.ts';
import type { EventCounts, KnownSeqs } from './gap-detection.ts';
import type { Event } from './event.ts';
import type { EventHub } from './hub.ts';
import type { ConnectionDetails, ConnectionStatus } from './connection.ts';
import { Listener } from './listener.ts';

/**
 * Where a place is kept between starts of an app. Each method may be asynchronous. What it throws is reported: after a
 * failed `load` the stream begins with `reset`; what was not saved comes again.
 */
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
  /**
   * Told of each change, also of one in the details alone: by what transport events come, and since the second failure in
   * a row, why they do not. What it throws is reported and changes nothing.
   */
  readonly onStatus?: ((status: ConnectionStatus, details: ConnectionDetails) => unknown) | undefined;
  /** So many events wait for a slow listener, 1,000 where nothing is said; the rest it fetches when it has caught up. */
  readonly queueMax?: number | undefined;
  /** What a read has shown, so that a gap behind it is found. */
  readonly known?: KnownSeqs | undefined;
}

export interface SubscribeOptions extends EventsOptions {
  /** Called for one event after the other; the next one waits for what it returns. What it throws ends the stream. */
  readonly onEvent: (event: Event) => unknown;
  /** Called once, with what ended the stream: the session is over, or `onEvent` threw; without it, that is reported. */
  readonly onError?: ((error: unknown) => unknown) | undefined;
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
export function subscribeTo(hub: EventHub, { onEvent, onError, ...options }: SubscribeOptions): Subscription {
  const stop = new AbortController();
  const onAbort = () => stop.abort();
  options.signal?.addEventListener('abort', onAbort, { once: true });
  if (options.signal?.aborted === true) onAbort();
  const stream = eventStream(hub, { ...options, signal: stop.signal });
  let isOfApp = false;
  const run = async () => {
    for await (const event of stream) {
      isOfApp = true;
      await onEvent(event);
      isOfApp = false;
    }
  };
  void run()
    .catch((error: unknown) => {
      if (onError !== undefined) callIsolated(() => onError(error), hub.report);
      // That a session has ended is told by other means.
      else if (isOfApp) hub.report(error);
    })
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
const STORAGE_MS = 5_000;
/** No cursor of the service's: it answers it with `reset`. */
const UNREADABLE = 'unreadable';

interface Place {
  since: string | undefined;
  listener?: Listener;
}

const cursorOf = ({ listener, since }: Place) => listener?.cursor ?? since;

/** One iteration. Unlike a generator's, its `return` does not wait for the next event. */
function follow(hub: EventHub, options: EventsOptions, place: Place): AsyncIterableIterator<Event, void, undefined> {
  const stop = new AbortController();
  const events = generate(hub, options, place, stop.signal);
  return {
    next: () => events.next(),
    return() {
      stop.abort();
      return events.return();
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

async function* generate(
  hub: EventHub,
  { cursorStorage, signal, onStatus = () => {}, known, queueMax = QUEUE_MAX }: EventsOptions,
  place: Place,
  stopped: AbortSignal,
): AsyncGenerator<Event, void, undefined> {
  if (cursorStorage !== undefined) place.since ??= await loaded(cursorStorage, hub.report);
  const listener = new Listener(cursorOf(place), queueMax, (...args) =>
    callIsolated(() => onStatus(...args), hub.report),
  );
  place.listener = listener;
  const onAbort = () => {
    listener.clear();
    listener.end();
  };
  for (const one of [signal, stopped]) one?.addEventListener('abort', onAbort, { once: true });
  if (signal?.aborted === true || stopped.aborted) onAbort();
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
      if (cursorStorage !== undefined && listener.cursor !== undefined)
        await saved(cursorStorage, listener.cursor, hub.report);
    }
  } finally {
    signal?.removeEventListener('abort', onAbort);
    hub.leave(listener);
    listener.end();
  }
}

/** What cannot be read is not "from now": the service says that events were lost. */
async function loaded(storage: CursorStorage, report: ErrorReport): Promise<string | undefined> {
  try {
    return (await inTime(storage.load(), STORAGE_MS, 'the storage of the cursor')) ?? undefined;
  } catch (error) {
    report(error);
    return UNREADABLE;
  }
}

/** What is not saved comes again after a restart. */
async function saved(storage: CursorStorage, cursor: string, report: ErrorReport): Promise<void> {
  try {
    await inTime(storage.save(cursor), STORAGE_MS, 'the storage of the cursor');
  } catch (error) {
    report(error);
  }
}
