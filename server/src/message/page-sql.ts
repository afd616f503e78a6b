import { limits } from '@fechatter/contract';
import { isListed, messageColumnsFor, messageJoins } from '@fechatter/drizzle';
import { readableChat } from '../access/readable-chat.ts';
import { seqOfNumber } from './seq-of-number.ts';

/** The position of a page of messages. */
export type PagePlace = 'newest' | 'before' | 'after' | 'around' | 'aroundNumber' | 'ids';
/** The timeline of a page: the main one of a chat, or the replies of a thread. */
export type Timeline = 'main' | 'thread';

// Parameters: $1 the reader, $2 the chat, $3 the maximum number of messages, for a thread its root, then the anchor,
// and how many of the messages are after it.

interface TimelineSql {
  readonly anchor: `$${number}`;
  readonly behind: `$${number}`;
  /** The condition on its messages `m`, as its index has it. */
  readonly contains: string;
  /** The number of its newest message, and a seq that is not below that message's. */
  readonly end: string;
}
const timelines: Readonly<Record<Timeline, TimelineSql>> = {
  main: {
    anchor: '$4',
    behind: '$5',
    contains: 'm.chat_id = $2::uuid and m.thread_id is null',
    end: 'select h.last_seq, h.last_number from chat_heads h where h.chat_id = $2::uuid',
  },
  thread: {
    anchor: '$5',
    behind: '$6',
    contains: 'm.thread_id = $4::uuid and m.chat_id = $2::uuid',
    end: `
      select h.last_seq, coalesce((select t.last_number from threads t where t.root_id = $4::uuid), 0) as last_number
      from chat_heads h where h.chat_id = $2::uuid`,
  },
};

/** Of a thread: whether its root is one and can be seen. */
const rootColumns = `, root.of_thread is not null as is_reply, root.is_listed`;
const root = `,
  root as materialized (
    select m.thread_id as of_thread, ${isListed} as is_listed from messages m where m.id = $4::uuid and m.chat_id = $2::uuid)`;

/**
 * Planned once, however large the chat: the planner assumes that an unknown limit returns a tenth of the rows. Without
 * the known limit each call would seem worth its own plan, which takes longer than the call.
 */
const nearest = (timeline: Timeline, condition: string, order: 'asc' | 'desc', limit: string) => `
  select * from (
    select m.* from messages m where ${timelines[timeline].contains} and ${isListed} and ${condition}
    order by m.seq ${order} limit ${limits.pageMax + 1}) longest
  limit ${limit}`;

const statement = (timeline: Timeline, anchor: string, page: string) => `
  with scope as materialized (${readableChat('$1', '$2')}),
  anchor as materialized (${anchor})${timeline === 'thread' ? root : ''}
  select anchor.seq as anchor_seq${timeline === 'thread' ? rootColumns : ''}, p.*
  from scope left join anchor on true${timeline === 'thread' ? ' left join root on true' : ''} left join lateral (
    select ${messageColumnsFor('$1')}
    from (${page}) m
    ${messageJoins}) p on true
  order by p.seq desc`;

/**
 * The newest page is the one before an upper bound: with a bound for seq the planner prefers the index on chat and seq.
 * Without it, a plan that was made while the table was small would keep reading and sorting the whole chat.
 */
const end = 'select 9223372036854775807 as seq';

function pagesOf(timeline: Timeline): Readonly<Record<Exclude<PagePlace, 'ids'>, string>> {
  const { anchor, behind, contains, end: newest } = timelines[timeline];
  const given = `select m.seq from messages m where m.id = ${anchor}::uuid and ${contains}`;
  /** The message with a number; below the first one it is seq 0, above the newest one the newest. */
  const numbered = `
    select ${seqOfNumber(contains)} as seq from (
      select e.last_seq, e.last_number, least(e.last_number, ${anchor}::bigint) as number from (${newest}) e) t`;
  const before = (condition: string, limit = '$3') => nearest(timeline, condition, 'desc', limit);
  const after = (condition: string, limit = '$3') => nearest(timeline, condition, 'asc', limit);
  const bothSides = `(${before('m.seq <= anchor.seq')}) union all (${after('m.seq > anchor.seq', behind)})`;
  return {
    newest: statement(timeline, end, before('m.seq < anchor.seq')),
    before: statement(timeline, given, before('m.seq < anchor.seq')),
    after: statement(timeline, given, after('m.seq > anchor.seq')),
    around: statement(timeline, given, bothSides),
    aroundNumber: statement(timeline, numbered, bothSides),
  };
}

export const messagePageSql = {
  main: pagesOf('main'),
  thread: pagesOf('thread'),
  // Of any timeline, each message by its key: with the number of rows that the planner assumes, a join would read the whole chat.
  ids: statement(
    'main',
    'select 0 as seq',
    `select m.* from (select distinct id from unnest($4::uuid[]) id) i cross join lateral (
       select m.* from messages m where m.id = i.id and m.chat_id = $2::uuid and ${isListed} limit 1) m limit $3`,
  ),
} as const;
