import { limits } from '@fechatter/contract';
import { messageColumnsFor, messageJoins } from '@fechatter/drizzle';
import { readableChat } from '../access/readable-chat.ts';
import { seqOfNumber } from './seq-of-number.ts';

/** Where a page of messages lies. */
export type PagePlace = 'newest' | 'before' | 'after' | 'around' | 'aroundNumber' | 'ids';

/**
 * Planned once, however large the chat: the planner assumes that an unknown limit returns a tenth of the rows. Without
 * the known limit each call would seem worth its own plan, which takes longer than the call.
 */
const nearest = (condition: string, order: 'asc' | 'desc', limit: string) => `
  select * from (
    select * from messages where chat_id = $2::uuid and deleted_at is null and ${condition}
    order by seq ${order} limit ${limits.pageMax + 1}) longest
  limit ${limit}`;

/** $1: the reader, $2: the chat, $3: how many at most. */
const statement = (anchor: string, page: string) => `
  with scope as materialized (${readableChat('$1', '$2')}),
  anchor as materialized (${anchor})
  select anchor.seq as anchor_seq, p.*
  from scope left join anchor on true left join lateral (
    select ${messageColumnsFor('$1')}
    from (${page}) m
    ${messageJoins}) p on true
  order by p.seq desc`;

const given = 'select a.seq from messages a where a.id = $4::uuid and a.chat_id = $2::uuid';
/**
 * The newest page is the one before an upper bound: with a bound for seq the planner prefers the index on chat and seq.
 * Without it, a plan that was made while the table was small would keep reading and sorting the whole chat.
 */
const end = 'select 9223372036854775807 as seq';
/** The message with a number; below the first one it is seq 0, above the newest one the newest. */
const numbered = `
  select ${seqOfNumber} as seq from (
    select h.chat_id, h.last_seq, h.last_number, least(h.last_number, $4::bigint) as number
    from chat_heads h where h.chat_id = $2::uuid) t`;
/** $4: the anchor, $5: how many of the $3 lie behind it. */
const bothSides = `
  (${nearest('seq <= anchor.seq', 'desc', '$3')})
  union all
  (${nearest('seq > anchor.seq', 'asc', '$5')})`;

export const messagePageSql: Readonly<Record<PagePlace, string>> = {
  newest: statement(end, nearest('seq < anchor.seq', 'desc', '$3')),
  before: statement(given, nearest('seq < anchor.seq', 'desc', '$3')),
  after: statement(given, nearest('seq > anchor.seq', 'asc', '$3')),
  around: statement(given, bothSides),
  aroundNumber: statement(numbered, bothSides),
  // Each message by its key: with the number of rows that the planner assumes, a join would read the whole chat.
  ids: statement(
    'select 0 as seq',
    `select m.* from (select distinct id from unnest($4::uuid[]) id) i cross join lateral (
       select * from messages where id = i.id and chat_id = $2::uuid and deleted_at is null limit 1) m limit $3`,
  ),
};
