import { z } from 'zod';
import { type LoggedEvent, type LoggedEventKind, loggedEvents } from './events.ts';
import type { PlainEvent } from './logged-event.ts';

/** Why a client must read its state again. */
export const ResetReason = z.enum(['cursor_unknown', 'cursor_expired', 'too_far_behind']);
export type ResetReason = z.infer<typeof ResetReason>;

/** The client has everything up to `cursor`; `resumed` says that it began where its own token ended. */
export const Ready = z.object({ kind: z.literal('ready'), cursor: z.string(), resumed: z.boolean() });
/** The token could not be honoured: read the state again, everything after `cursor` follows. */
export const Reset = z.object({ kind: z.literal('reset'), cursor: z.string(), reason: ResetReason });
export type Ready = z.infer<typeof Ready>;
export type Reset = z.infer<typeof Reset>;

/** Everything that a subscriber receives. */
export type Event = Ready | Reset | LoggedEvent;
export type EventKind = Event['kind'];

export type EventDefinition = (typeof loggedEvents)[number];
const byCode = new Map<number, EventDefinition>(loggedEvents.map((definition) => [definition.code, definition]));
const byKind = new Map<string, EventDefinition>(loggedEvents.map((definition) => [definition.kind, definition]));

/** The kind that a number of the log stands for; undefined for one that this build does not know. */
export const definitionOfCode = (code: number): EventDefinition | undefined => byCode.get(code);

/** The number that stands for a kind in the log. */
export const codeOf = (kind: LoggedEventKind): number => definitionOfKind(kind).code;

function definitionOfKind(kind: LoggedEventKind): EventDefinition {
  const definition = byKind.get(kind);
  if (definition === undefined) throw new Error(`no such kind of event: ${kind}`);
  return definition;
}

/** Codes of what takes something away; the index of the log and its tail agree on them. */
export const overtakingCodes: readonly number[] = loggedEvents
  .map(({ code }) => code)
  .filter((code) => code >= 30 && code < 40);

/** The plain form of any event, for clients without tRPC. */
export function plainForm(event: Event): PlainEvent {
  if (event.kind === 'ready') return { event: 'ready', data: { cursor: event.cursor, resumed: event.resumed } };
  if (event.kind === 'reset') return { event: 'reset', data: { cursor: event.cursor, reason: event.reason } };
  return definitionOfKind(event.kind).plain(event as never);
}
