import { namesOfUnits, prefixNameOf } from './tokens.ts';
import { type Unit, unitsOf } from './words.ts';

/** Units that a text must contain in this order; the last one may be a prefix of a word. */
export interface Term {
  readonly units: readonly Unit[];
  readonly isPrefix: boolean;
}

/** A parsed search query. */
export interface ParsedQuery {
  readonly terms: readonly Term[];
  readonly excluded: readonly Term[];
  /** Any of these people sent it. */
  readonly from: readonly string[];
  /** It is in any of these chats. */
  readonly chatIds: readonly string[];
  readonly has: readonly ('link' | 'file')[];
  /** `YYYY-MM-DD`: sent before the beginning of this day. */
  readonly before: string | undefined;
  /** `YYYY-MM-DD`: sent after the beginning of this day. */
  readonly after: string | undefined;
}

/** The parts of a query: a quoted phrase or a word, optionally excluded. Linear: each character is scanned once. */
const PART = /-?"[^"]*"|\S+/gu;
const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const FROM = new RegExp(`^from:<@(${UUID})>$`, 'iu');
const IN = new RegExp(`^in:<#(${UUID})>$`, 'iu');
const HAS = /^has:(link|file)$/iu;
const DAY = /^(before|after):(\d{4}-\d{2}-\d{2})$/iu;

/** Parses a query. Invalid syntax is treated as words. */
export function parseQuery(query: string): ParsedQuery {
  const terms: Term[] = [];
  const excluded: Term[] = [];
  const from: string[] = [];
  const chatIds: string[] = [];
  const has = new Set<'link' | 'file'>();
  const days: { before: string | undefined; after: string | undefined } = { before: undefined, after: undefined };
  for (const [part] of query.matchAll(PART)) {
    const [, sender] = FROM.exec(part) ?? [];
    const [, chat] = IN.exec(part) ?? [];
    const [, thing] = HAS.exec(part) ?? [];
    const [, side, day = ''] = DAY.exec(part) ?? [];
    if (sender !== undefined) from.push(sender.toLowerCase());
    else if (chat !== undefined) chatIds.push(chat.toLowerCase());
    else if (thing !== undefined) has.add(thing.toLowerCase() as 'link' | 'file');
    else if (side !== undefined && isDay(day)) days[side.toLowerCase() as 'before' | 'after'] = day;
    else addTerm(part, terms, excluded);
  }
  return { terms, excluded, from, chatIds, has: [...has], ...days };
}

/** Whether the day exists, for Postgres too, whose years begin at 1. */
export const isDay = (day: string): boolean => {
  const time = Date.parse(`${day}T00:00:00Z`);
  return !day.startsWith('0000') && !Number.isNaN(time) && new Date(time).toISOString().startsWith(day);
};

function addTerm(part: string, terms: Term[], excluded: Term[]): void {
  const isExcluded = part.length > 1 && part.startsWith('-');
  const text = isExcluded ? part.slice(1) : part;
  const isPhrase = text.startsWith('"');
  const units = unitsOf(text);
  const last = units.at(-1);
  if (last === undefined) return;
  const isPrefix = !isPhrase && !last.isLetter && text.endsWith('*') && last.end === text.length - 1;
  const into = isExcluded ? excluded : terms;
  if (!into.some((other) => isSame(other, { units, isPrefix }))) into.push({ units, isPrefix });
}

const isSame = (a: Term, b: Term): boolean =>
  a.isPrefix === b.isPrefix &&
  a.units.length === b.units.length &&
  a.units.every(({ text, isApart }, at) => text === b.units[at]?.text && isApart === b.units[at].isApart);

/** The question to the index: names that a message must all have, the most selective first. */
export interface IndexQuestion {
  readonly names: readonly string[];
  /** The terms to search. A stop word is skipped, unless it is in a phrase. */
  readonly terms: readonly Term[];
  /** The index cannot search a term: one letter of a script without spaces, or a prefix that is too short. */
  readonly isTooShort: boolean;
}

export function indexQuestion(terms: readonly Term[], stopWords: ReadonlySet<string>): IndexQuestion {
  const searched = terms.filter(
    ({ units, isPrefix }) => units.length > 1 || isPrefix || !stopWords.has(units[0]?.text ?? ''),
  );
  let isTooShort = false;
  const names = searched.flatMap((term) => {
    const whole = term.isPrefix ? term.units.slice(0, -1) : term.units;
    const found = namesOfUnits(whole, stopWords);
    const prefix = term.isPrefix ? prefixNameOf(term.units.at(-1)?.text ?? '') : undefined;
    if (term.isPrefix && prefix === undefined) isTooShort = true;
    if (term.units.length === 1 && term.units[0]?.isLetter === true) isTooShort = true;
    return prefix === undefined ? found : [...found, prefix];
  });
  // A long word is likely to be rare.
  const telling = [...new Set(names)].toSorted((a, b) => b.length - a.length);
  return { names: telling, terms: searched, isTooShort };
}
