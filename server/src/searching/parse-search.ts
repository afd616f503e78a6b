import type { MessageSearchInput, WireMessage } from '@fechatter/contract';
import {
  hasLink,
  type IndexOptions,
  indexQuestion,
  matchOf,
  parseQuery,
  type Ranges,
  senderName,
  thingName,
  unitsOf,
} from '@fechatter/search';
import { refuse } from '@fechatter/service-kit';
import type { z } from 'zod';

type Input = z.infer<typeof MessageSearchInput>;

/** A parsed search: its query and fields combined. */
export interface ParsedSearch {
  /** The named chats; undefined: the caller's own. */
  readonly chatIds: readonly string[] | undefined;
  readonly senderIds: readonly string[] | undefined;
  readonly before: string | undefined;
  readonly after: string | undefined;
  readonly timeZone: string;
  /** Groups of names for the index: a message has one of each. */
  readonly groups: readonly (readonly string[])[];
  /** The matching ranges of the content of a message; undefined: no match. */
  readonly match: (message: Pick<WireMessage, 'content' | 'files'>) => Ranges | undefined;
}

/** More groups would cost more than they save, because candidates are compared anyway. */
const GROUPS_MAX = 6;

/** The senders that a search names. */
export const namedSenders = (input: Input): readonly string[] | undefined =>
  both(input.from, parseQuery(input.query ?? '').from);

/** Parses a search of these senders; refuses one that the index cannot serve. */
export function parseSearch(
  input: Input,
  senderIds: readonly string[] | undefined,
  options: IndexOptions,
): ParsedSearch {
  const query = parseQuery(input.query ?? '');
  const { stopWords, hasPrefixes } = options;
  const { names, terms, isTooShort } = indexQuestion(query.terms, stopWords);
  const things = new Set([...(input.has ?? []), ...query.has]);
  if (isTooShort) throw refuse('query_too_short');
  const groups = [
    ...(senderIds === undefined ? [] : [senderIds.map(senderName)]),
    ...[...things].map((thing) => [thingName(thing)]),
    ...names.filter((name) => hasPrefixes || !name.startsWith('prefix:')).map((name) => [name]),
  ].slice(0, GROUPS_MAX);
  if (groups.length === 0) throw refuse('query_too_common');
  const wanted = { terms, excluded: query.excluded, stopWords };
  return {
    chatIds: both(input.chatIds, query.chatIds),
    senderIds,
    before: earlier(input.before, query.before),
    after: later(input.after, query.after),
    timeZone: input.timeZone ?? 'UTC',
    groups,
    match({ content, files = [] }) {
      if (things.has('link') && !hasLink(content)) return undefined;
      if (things.has('file') && files.length === 0) return undefined;
      return matchOf(unitsOf(content), wanted);
    },
  };
}

/** The entries in both lists; a missing list contains everything. */
function both(given: readonly string[] | undefined, inQuery: readonly string[]): readonly string[] | undefined {
  if (inQuery.length === 0) return given;
  if (given === undefined) return [...new Set(inQuery)];
  return given.filter((id) => inQuery.includes(id));
}

const earlier = (a: string | undefined, b: string | undefined) =>
  a === undefined || (b !== undefined && b < a) ? b : a;
const later = (a: string | undefined, b: string | undefined) => (a === undefined || (b !== undefined && b > a) ? b : a);
