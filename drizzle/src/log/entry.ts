import { definitionOfCode, loggedEvents, type LogRow, type NounName } from '@fechatter/contract';
import { columnList, columnObject, columnsOf, jsonReader } from '../nouns/columns.ts';
import { lookUp } from '../nouns/look-up.ts';
import type { Reference } from '../nouns/noun.ts';
import { type FoundNouns, nounNames, type ShownRow, sourceOf } from '../nouns/registry.ts';

/** A numbered row of the log with the content that its event shows, still encrypted, all of one snapshot. */
export interface LogEntry extends ShownRow {
  readonly pos: number;
  readonly nonce: number;
  /** The people whose periods in the chat begin with this row (chat.created); empty in any other row. */
  readonly opensFor: readonly string[];
}

type Definition = (typeof loggedEvents)[number];
/** An SQL condition that the row `e` of the log is of a matching kind. */
const isOfKind = (isSo: (definition: Definition) => boolean): string => {
  const codes = loggedEvents.filter(isSo).map(({ code }) => code);
  return codes.length === 0 ? 'false' : `e.code in (${codes.join(',')})`;
};
const shows = (nouns: readonly NounName[]) => (definition: Definition) =>
  (definition.needs as readonly NounName[]).some((need) => nouns.includes(need));
const opensAll = ({ effect }: Definition) => effect === 'opens_all';

const columnOf: Readonly<Record<Reference, string>> = {
  subjectId: 'subject_id',
  chatId: 'chat_id',
  workspaceId: 'workspace_id',
};

/** The look-ups of a noun: its own row, only for the kinds that show it, and what is joined to that. */
function lookUps(name: NounName): string {
  const {
    table,
    as,
    reference,
    joins,
    columns,
    alsoReads = [],
    where = `id = e.${columnOf[reference]}`,
  } = sourceOf(name);
  const reads = [...columnsOf(as, columns), ...alsoReads];
  const own = lookUp({ table, as, reads, where: `${isOfKind(shows([name]))} and ${where}` });
  return [own, ...joins.map(lookUp)].join('\n  ');
}

const inlineNames = nounNames.filter((name) => sourceOf(name).isInline === true);
const otherNames = nounNames.filter((name) => sourceOf(name).isInline !== true);

/** How each inline noun is read from the row: by its columns, each prefixed with the noun's alias. */
const inlineNouns = inlineNames.map((name) => {
  const { as, columns, fromLog = {}, others = {} } = sourceOf(name);
  const read = Object.fromEntries(Object.entries(columns).filter(([column]) => !(column in fromLog)));
  const list = [
    columnList(read, `${as}_`),
    ...Object.entries(others).map(([other, sql]) => `${sql} as ${as}_${other}`),
  ];
  const pairs = [...Object.keys(columns), ...Object.keys(others)].map((column) => {
    const reference = fromLog[column];
    return [column, reference === undefined ? `${as}_${column}` : columnOf[reference]] as const;
  });
  const blank: Readonly<Record<string, unknown>> = Object.fromEntries(pairs.map(([column]) => [column, null]));
  const marks = [`${as}_id`, ...Object.values(fromLog).map((reference) => columnOf[reference])];
  return { name, list: list.join(', '), marks, blank, pairs };
});

/** The nouns that only a few kinds show, as JSON in one column. */
const otherNouns = `case when ${isOfKind((definition) => shows(otherNames)(definition) || opensAll(definition))} then (
    select json_build_object(
      ${otherNames
        .map((name) => {
          const { as, columns, others, isThere = 'id' } = sourceOf(name);
          return `'${name}', case when ${as}.${isThere} is not null then ${columnObject(columns, others)} end`;
        })
        .join(',\n      ')},
      'opensFor', case when ${isOfKind(opensAll)} then array(
        select cm.user_id from chat_members cm where cm.chat_id = e.chat_id and cm.joined_seq = e.chat_seq) end)
    from (select) nothing
      ${otherNames.map(lookUps).join('\n  ')}) end`;
const otherReaders = otherNames.map((name) => [name, jsonReader(sourceOf(name).columns)] as const);

/** The columns of an entry, given `o` (log_order) and {@link entryJoins}. */
export const entryColumns = `
  o.pos, o.nonce, e.id as event_id, e.code, e.workspace_id, e.workspace_seq, e.chat_id, e.chat_seq, e.user_id, e.subject_id,
  e.facts, e.created_at as logged_at,
  ${inlineNouns.map(({ list }) => list).join(', ')},
  ${otherNouns} as other_nouns`;

const bytes = nounNames
  .flatMap((name) => {
    const { bytes: ofNoun, isInline } = sourceOf(name);
    if (ofNoun === undefined || isInline) return ofNoun ?? [];
    return `case when ${isOfKind(shows([name]))} then ${ofNoun} else 0 end`;
  })
  .join(' + ');
/** How many bytes of content come before a row. */
export const bytesBefore = `sum(${bytes}) over (order by o.pos) - (${bytes})`;

const logColumns = [
  'id',
  'code',
  'workspace_id',
  'workspace_seq',
  'chat_id',
  'chat_seq',
  'user_id',
  'subject_id',
  'facts',
  'created_at',
];
/** The content of an entry: primary key look-ups, only for the kinds that show it. */
export const entryJoins = [
  lookUp({ table: 'event_log', as: 'e', where: 'id = o.event_id', reads: logColumns }),
  ...inlineNames.map(lookUps),
].join('\n  ');

/** One row of {@link entryColumns}, which also has the columns of the inline nouns. */
export interface EntryRow {
  pos: number;
  nonce: number;
  event_id: number | null;
  code: number;
  workspace_id: string | null;
  workspace_seq: number | null;
  chat_id: string | null;
  chat_seq: number | null;
  user_id: string | null;
  subject_id: string | null;
  facts: Record<string, unknown>;
  logged_at: Date;
  other_nouns: Readonly<Record<string, object | null>> | null;
  readonly [inline: string]: unknown;
}

/** The entry of a row. */
export function entryOf(row: EntryRow): LogEntry {
  return {
    code: row.code,
    workspaceId: row.workspace_id,
    workspaceSeq: row.workspace_seq,
    chatId: row.chat_id,
    chatSeq: row.chat_seq,
    userId: row.user_id,
    subjectId: row.subject_id,
    facts: row.facts,
    pos: row.pos,
    nonce: row.nonce,
    createdAt: row.logged_at,
    nouns: nounsIn(row),
    opensFor: (row.other_nouns?.opensFor as readonly string[] | null | undefined) ?? NO_ONE,
  };
}

/** Whether this build knows the kind of the row; an unknown row must not be skipped silently. */
export const isKnown = (entry: LogRow): boolean => definitionOfCode(entry.code) !== undefined;

const NO_ONE: readonly string[] = [];

/** The nouns that were read with the row. The registry composed the statement so that a noun's columns form its row. */
function nounsIn(row: EntryRow): FoundNouns {
  const nouns: Record<string, object> = {};
  for (const { name, marks, blank, pairs } of inlineNouns) {
    if (marks.some((mark) => row[mark] === null)) continue;
    // Fills a copy of one object: an object that grows key by key is slow to create and to read.
    const found: Record<string, unknown> = { ...blank };
    for (const [column, from] of pairs) found[column] = row[from];
    nouns[name] = found;
  }
  if (row.other_nouns === null) return nouns;
  for (const [name, read] of otherReaders) {
    const json = row.other_nouns[name];
    if (json) nouns[name] = read(json as Record<string, unknown>);
  }
  return nouns;
}
