import type { Event, EventKind } from '../events/event.ts';
import type { MessageWindow } from './message-window.ts';
import type { State } from './state.ts';

/** What reducers change, in place: records are replaced, never changed. */
export interface Known extends State {
  /** The stretches of history that are open, by chat. */
  readonly windows: ReadonlyMap<string, MessageWindow>;
}

/** What must be read, because the event cannot say it: a chat or workspace that was never seen before, or a purge. */
export type Missing = { readonly chatId: string } | { readonly workspaceId: string };

export type EventOf<Kind extends EventKind> = Extract<Event, { kind: Kind }>;

/** Applies one kind of event. Applying it again, or after a read that has already shown it, changes nothing. */
export type Reducer<Kind extends EventKind> = (known: Known, event: EventOf<Kind>) => Missing | undefined;

/** A reducer for every kind of event of a noun: the compiler names the kinds that lack theirs. */
export type Reducers<Noun extends string> = { readonly [K in Extract<EventKind, `${Noun}.${string}`>]: Reducer<K> };
