import { definitionOfCode, type LogRow, type NounName, type Nouns } from '@fechatter/contract';
import { chatPreferencesSource } from './chat-preferences.ts';
import { chatSource } from './chat.ts';
import { fileSource } from './file.ts';
import { markSource } from './mark.ts';
import { preferencesSource } from './preferences.ts';
import { messageSource } from './message.ts';
import type { LoggedAt, NounSource, Showing } from './noun.ts';
import { threadMarkSource } from './thread-mark.ts';
import { userSource } from './user.ts';
import { workspaceSource } from './workspace.ts';

/** Every noun that the log can read with a row. */
export const nounSources = {
  message: messageSource,
  chat: chatSource,
  file: fileSource,
  user: userSource,
  workspace: workspaceSource,
  mark: markSource,
  chatPreferences: chatPreferencesSource,
  preferences: preferencesSource,
  threadMark: threadMarkSource,
} as const satisfies { [Name in NounName]: NounSource<Name, never> };

type FoundBy<Source> = Source extends NounSource<NounName, infer Found> ? Found : never;
/** The nouns that were read with a row; one that is gone is missing. */
export type FoundNouns = { readonly [Name in NounName]?: FoundBy<(typeof nounSources)[Name]> };

export interface ShownRow extends LoggedAt {
  readonly nouns: FoundNouns;
}

/** The sources without their types; the registry ensures that each noun has its own source. */
const sources = nounSources as unknown as Readonly<Record<NounName, NounSource>>;

export const nounNames = Object.keys(nounSources) as readonly NounName[];
export const sourceOf = (name: NounName): NounSource => sources[name];

/** The nouns that a row's kind shows. */
export const nounsNeeded = (row: LogRow): readonly NounName[] => definitionOfCode(row.code)?.needs ?? [];

/** The nouns that an event shows to one reader; one that is gone is replaced by a stand-in and reported. */
export function showNouns(row: ShownRow, showing: Showing): Nouns {
  const shown: Partial<Record<NounName, unknown>> = {};
  for (const name of nounsNeeded(row)) {
    const found = row.nouns[name];
    if (found === undefined) showing.onUnreadable(new Error(`its ${name} is not there`));
    shown[name] = found === undefined ? sources[name].standIn(row) : sources[name].show(found, showing);
  }
  // Only the nouns that the kind needs are present and read.
  return shown as unknown as Nouns;
}

/** Whether an event looks different to different readers. */
export const differsByReader = ({ nouns }: ShownRow): boolean =>
  foundIn(nouns).some(([source, found]) => source.differsByReader?.(found) === true);

/** How many bytes of content a row contains. */
export const bytesOfContent = ({ nouns }: ShownRow): number =>
  foundIn(nouns).reduce((sum, [source, found]) => sum + (source.bytesOf?.(found) ?? 0), 0);

/** A noun that is shown or changed. */
export type NounKey = `${NounName} ${string}`;

/** What an event shows: a change of any of these makes it stale. */
export function shownKeys(row: ShownRow): NounKey[] {
  const keys: NounKey[] = [];
  for (const name of nounsNeeded(row)) {
    keys.push(keyIn(row, name));
    const found = row.nouns[name];
    if (found === undefined) continue;
    for (const [other, id] of sources[name].uses?.(found) ?? []) keys.push(`${other} ${id}`);
  }
  return keys;
}

/**
 * The nouns that a row changes. A row with the root of a thread in its facts, a reply or the deletion of one, also
 * changes what that thread shows; one with a message, what that message shows.
 */
export const changedKeys = (row: LogRow): NounKey[] => {
  const keys = (definitionOfCode(row.code)?.changes ?? []).map((name) => keyIn(row, name));
  const { threadId, messageId } = row.facts;
  for (const id of [threadId, messageId]) if (typeof id === 'string') keys.push(`message ${id}`);
  return keys;
};

const keyIn = (row: LogRow, name: NounName): NounKey => `${name} ${row[sources[name].reference] ?? ''}`;

const foundIn = (nouns: FoundNouns) =>
  (Object.entries(nouns) as [NounName, object][]).map(([name, found]) => [sources[name], found] as const);
