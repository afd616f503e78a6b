import type { Event, EventKind } from '../events/event.ts';
import type { MessageWindow } from './message-window.ts';
import type { State } from './state.ts';

/** What reducers change, in place: records are replaced, never changed. */
export interface Known extends State {
  /** The open windows of histories, by timeline: see `keyOf`. */
  readonly windows: ReadonlyMap<string, MessageWindow>;
}

/**
 * What must be read because an event does not contain it: a new chat or workspace, the state after a purge, or whom a
 * Guest of a workspace sees there from now on. With both ids, both.
 */
export type Missing = { readonly chatId: string; readonly workspaceId?: string } | { readonly workspaceId: string };

export type EventOf<Kind extends EventKind> = Extract<Event, { kind: Kind }>;

/** Applies one kind of event. Applying it again, or after a read that has already shown it, changes nothing. */
export type Reducer<Kind extends EventKind> = (known: Known, event: EventOf<Kind>) => Missing | undefined;

/** A reducer for every kind of event of a noun: the compiler reports kinds without one. */
export type Reducers<Noun extends string> = { readonly [K in Extract<EventKind, `${Noun}.${string}`>]: Reducer<K> };
