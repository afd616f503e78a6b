import { z } from 'zod';
import { Id } from '../ids.ts';
import { limits } from '../limits.ts';
import { NextCursor, pageInput } from '../page.ts';
import { TimeZone } from '../time-zone.ts';
import { Message } from './message.ts';

/** There is no year 0. */
const Day = z.iso.date().refine((day) => !day.startsWith('0000'), { error: 'Give a day from the year 1 on.' });

/**
 * What to search for. `query` has words, `"a phrase"`, a prefix of a word (`depl*`, at least three letters), `-word`,
 * `from:<@id>`, `in:<#id>`, `has:link`, `has:file`, `before:2026-12-31` and `after:2026-01-01`; the other fields say
 * the same, and both hold. `after` begins with its day, `before` ends before its day, in `timeZone` (default: UTC).
 */
export const MessageSearchInput = z.object({
  workspaceId: Id,
  query: z.string().max(limits.searchQueryMaxChars).optional(),
  chatIds: z.array(Id).min(1).max(limits.searchChatsMax).optional(),
  from: z.array(Id).min(1).max(limits.searchSendersMax).optional(),
  has: z
    .array(z.enum(['link', 'file']))
    .max(2)
    .optional(),
  before: Day.optional(),
  after: Day.optional(),
  timeZone: TimeZone.optional(),
  ...pageInput,
});
/** A matching range of the message's content: its start and end, in UTF-16 code units. */
export const HitRange = z.array(z.int().nonnegative()).length(2);
export const SearchHit = z.object({ message: Message, ranges: z.array(HitRange) });
export type SearchHit = z.infer<typeof SearchHit>;
/** A hit on the wire: empty keys of its message are left out. */
export type WireSearchHit = z.input<typeof SearchHit>;
/**
 * Newest first. A page may be shorter than its limit, and even empty, and still have a cursor: one call searches a
 * limited number of messages. `searchedBackTo` is how far back all pages so far have searched; null when they have
 * searched everything.
 */
export const MessageSearch = z.object({
  hits: z.array(SearchHit),
  nextCursor: NextCursor,
  searchedBackTo: z.date().nullable(),
});
