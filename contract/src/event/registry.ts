import type { z } from 'zod';
import { chatEvents } from '../chat/events.ts';
import { emojiEvents } from '../emoji/events.ts';
import { fileEvents } from '../file/events.ts';
import { memberEvents, workspaceMemberEvents } from '../member/events.ts';
import { messageEvents } from '../message/events.ts';
import { pinEvents } from '../pin/events.ts';
import { reactionEvents } from '../reaction/events.ts';
import { savedEvents } from '../saved/events.ts';
import { sessionEvents } from '../session/events.ts';
import { threadEvents } from '../thread/events.ts';
import { userEvents } from '../user/events.ts';
import { workspaceEvents } from '../workspace/events.ts';

/**
 * Every kind of event in the log. An event records that something happened at a seq, and shows the state at the time of
 * delivery: a message that has been deleted since then has empty content and `deletedAt`.
 */
export const loggedEvents = [
  ...messageEvents,
  ...reactionEvents,
  ...pinEvents,
  ...savedEvents,
  ...fileEvents,
  ...chatEvents,
  ...threadEvents,
  ...memberEvents,
  ...workspaceEvents,
  ...emojiEvents,
  ...workspaceMemberEvents,
  ...userEvents,
  ...sessionEvents,
] as const;

export type LoggedEventKind = (typeof loggedEvents)[number]['kind'];
type EventReadBy<D> = D extends { read: (...args: never[]) => infer E } ? E : never;
/** An event of the log, in the form that a subscription yields. */
export type LoggedEvent = EventReadBy<(typeof loggedEvents)[number]>;

type EventNamed<Kind extends LoggedEventKind> = Extract<(typeof loggedEvents)[number], { kind: Kind }>;
/** What a row of this kind contains in addition to its references. */
export type FactsOf<Kind extends LoggedEventKind> = z.input<EventNamed<Kind>['facts']>;

export type EventDefinition = (typeof loggedEvents)[number];
const byCode = new Map<number, EventDefinition>(loggedEvents.map((definition) => [definition.code, definition]));
const byKind = new Map<string, EventDefinition>(loggedEvents.map((definition) => [definition.kind, definition]));

/** The definition of a kind by its number in the log; undefined for one that this build does not know. */
export const definitionOfCode = (code: number): EventDefinition | undefined => byCode.get(code);

/** The definition of a kind. */
export function definitionOfKind(kind: LoggedEventKind): EventDefinition {
  const definition = byKind.get(kind);
  if (definition === undefined) throw new Error(`no such kind of event: ${kind}`);
  return definition;
}

/** The number of a kind in the log. */
export const codeOf = (kind: LoggedEventKind): number => definitionOfKind(kind).code;
