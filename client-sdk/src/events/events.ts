import { inTime } from '../in-time.ts';
import { callIsolated, type ErrorReport } from '../report-error.ts';
import type { EventCounts, KnownSeqs } from './gap-detection.ts';
import type { Event } from './event.ts';
import type { EventHub } from './hub.ts';
import type { ConnectionDetails, ConnectionStatus } from './connection.ts';
import { Listener } from './listener.ts';

/**
 * Keeps a cursor between starts of an app. Each method may be asynchronous. Errors are reported; after a failed `load`
 * the stream begins with `reset`, and after a failed `save` events come again.
 */
export interface CursorStorage {
  load(): string | null | undefined | Promise<string | null | undefined>;
  save(cursor: string): void | Promise<void>;
}

export interface EventsOptions {
  /**
   * Where to begin: `eventCursor` of a list, or the `cursor` of an earlier stream. Default: from now, which is the moment
   * that the status becomes `live`.
   */
  readonly since?: string | undefined;
  /**
   * Begins at the stored cursor, and stores how far events were handled. An event is handled when you ask for the next
   * one, or when `onEvent` has returned. After a crash the last event may come again.
   */
  readonly cursorStorage?: CursorStorage | undefined;
  /** Ends the stream. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Called at each change, also if only the details change: which transport is used, and from the second failure in a
   * row on, why there are no events. Errors that it throws are reported and have no other effect.
   */
  readonly onStatus?: ((status: ConnectionStatus, details: ConnectionDetails) => unknown) | undefined;
  /** How many events wait for a slow listener; it fetches the rest when it has caught up. Default: 1,000. */
  readonly queueMax?: number | undefined;
  /** What a read has shown, so that a gap after it is detected. */
  readonly known?: KnownSeqs | undefined;
}

export interface SubscribeOptions extends EventsOptions {
  /**
   * Called with each event in turn; the next event waits for the promise that it returns. An error that it throws ends
   * the stream.
   */
  readonly onEvent: (event: Event) => unknown;
  /**
   * Called once with the error that ended the stream: the session has ended, or `onEvent` threw. Without it, the error
   * is reported.
   */
  readonly onError?: ((error: unknown) => unknown) | undefined;
}

/** A listener's position in the stream. */
export interface EventPlace {
  /** The cursor of the last event that was delivered: pass it as `since` to continue from there. */
  readonly cursor: string | undefined;
  /** What was delivered to all listeners of this client so far. */
  readonly counts: EventCounts;
}

/** Live events, without loss or repetition over any number of reconnects. */
export interface EventStream extends AsyncIterable<Event>, EventPlace {}

export interface Subscription extends EventPlace {
  readonly unsubscribe: () => void;
}

/** Joins the shared connection when it is iterated, until the signal aborts, the loop breaks, or the session ends. */
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

/** The same with callbacks. */
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
      // The end of a session is reported by other means.
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
/** Not a cursor of the service, which responds with `reset`. */
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

/** A cursor that cannot be read must not mean "from now": the service reports that events were lost. */
async function loaded(storage: CursorStorage, report: ErrorReport): Promise<string | undefined> {
  try {
    return (await inTime(storage.load(), STORAGE_MS, 'the storage of the cursor')) ?? undefined;
  } catch (error) {
    report(error);
    return UNREADABLE;
  }
}

/** Events after the last saved cursor come again after a restart. */
async function saved(storage: CursorStorage, cursor: string, report: ErrorReport): Promise<void> {
  try {
    await inTime(storage.save(cursor), STORAGE_MS, 'the storage of the cursor');
  } catch (error) {
    report(error);
  }
}
