import { type Cursor, loggedEvents, SHARED_CHATS } from '@fechatter/contract';
import { bytesBefore, entryColumns, entryJoins, entryOf, type EntryRow, type LogEntry } from './entry.ts';
import type { Queryable } from './read.ts';

const ENTRIES_MAX = 500;
const BYTES_MAX = 4_194_304;
const WINDOW_POSITIONS = 10_000;

/** A part of the events that a person missed. */
export interface ReplayWindow {
  /** False: the token's row is not in the log (any more). */
  readonly isAnchored: boolean;
  /** False: an event was pruned during the read. */
  readonly isComplete: boolean;
  readonly entries: readonly LogEntry[];
  /** Everything up to here was checked; the next window begins here. */
  readonly through: Cursor;
}

// Checks rights in the statement that reads the content: a row counts if a period covers its seq and is still open or
// ends with this very row; a chat's period is open only while the workspace's is; of a workspace's rows a Guest sees
// fewer. This is the same rule as canSee() in the contract. Of the periods that ended, only those that a row of the window can end are read: anyone can create many
// more.
const periodsIn = (columns: string, table: string, endedAfterMs: string) => `
    select ${columns} from ${table} where user_id = $1::uuid and left_seq is null
    union all
    select ${columns} from ${table} where user_id = $1::uuid and left_seq is not null
      and left_at > to_timestamp(${endedAfterMs}::float8 / 1000)`;
const workspaceColumns = `workspace_id, joined_seq, left_seq, case when role >= 'Member' then coalesce(guest_seq, 0) end as whole_from`;
const codesForGuests = loggedEvents.flatMap(({ code, isForGuests }) => (isForGuests ? [code] : [])).join(', ');

/** Whether a Guest sees the row `o` of a workspace that they are in. */
const seenByGuest = `
  case when o.chat_id is not null then exists (
    select 1 from chat_periods gp where gp.chat_id = o.chat_id and o.chat_seq >= gp.joined_seq
      and (gp.left_seq is null or gp.left_seq = o.chat_seq))
  else exists (
    select 1 from lateral (select e.code, e.subject_id, e.facts from event_log e where e.id = o.event_id limit 1) e
    where e.subject_id = $1::uuid or e.code in (${codesForGuests}) or exists (
      select 1 from chat_periods gp
      where gp.left_seq is null and (e.facts -> '${SHARED_CHATS}' ->> gp.chat_id::text)::bigint >= gp.joined_seq)) end`;
const visibleRows = (upTo: string, endedAfterMs: string) => `
  workspace_periods as materialized (${periodsIn(workspaceColumns, 'workspace_members', endedAfterMs)}),
  chat_periods as materialized (${periodsIn('chat_id, joined_seq, left_seq', 'chat_members', endedAfterMs)}),
  hits as materialized (
    select o.pos, o.nonce, o.event_id
    from log_order o
    left join workspace_periods wp on o.workspace_seq is not null and wp.workspace_id = o.workspace_id
      and o.workspace_seq >= wp.joined_seq and (wp.left_seq = o.workspace_seq
        or (wp.left_seq is null and (o.workspace_seq >= wp.whole_from or ${seenByGuest})))
    left join chat_periods cp on o.workspace_seq is null and o.user_id is null and cp.chat_id = o.chat_id
      and o.chat_seq >= cp.joined_seq
      and (cp.left_seq = o.chat_seq or (cp.left_seq is null and exists (
        select 1 from workspace_periods open where open.workspace_id = o.workspace_id and open.left_seq is null)))
    where o.pos > $2::bigint and o.pos <= ${upTo}
      and (o.user_id = $1::uuid or wp.workspace_id is not null or cp.chat_id is not null))`;

const replaySql = `
  with anchor as materialized (
    select exists (select 1 from log_order where pos = $2::bigint and nonce = $3::int) as is_anchored),
  ${visibleRows(`least($4::bigint, $2::bigint + ${WINDOW_POSITIONS})`, '$5')},
  filled as (
    select ${entryColumns}, ${bytesBefore} as bytes_before
    from (select * from hits order by pos limit ${ENTRIES_MAX}) o ${entryJoins}),
  taken as materialized (select * from filled where bytes_before < ${BYTES_MAX}),
  reached as materialized (
    select case when (select count(*) from taken) < (select count(*) from hits) then (select max(pos) from taken)
      else least($4::bigint, $2::bigint + ${WINDOW_POSITIONS}) end as pos)
  select anchor.is_anchored, reached.pos as through_pos,
    (select nonce from log_order l where l.pos = reached.pos) as through_nonce, t.pos as row_pos, t.*
  from anchor cross join reached left join taken t on anchor.is_anchored
  order by t.pos`;

interface ReplayRow extends EntryRow {
  is_anchored: boolean;
  through_pos: number;
  through_nonce: number | null;
  row_pos: number | null;
}

/**
 * What `userId` can see of the log after `from` and up to position `to`: at most 10,000 positions, 500 rows or 4 MiB.
 * The caller passes a time (by the database's clock) before which no membership ended that these rows can end.
 */
export async function replayWindow(
  db: Queryable,
  userId: string,
  from: Cursor,
  to: number,
  endedAfterMs: number = Number.NEGATIVE_INFINITY,
): Promise<ReplayWindow> {
  const { rows } = await db.query<ReplayRow>({
    name: 'log-replay',
    text: replaySql,
    values: [userId, from.pos, from.nonce, to, endedAfterMs],
  });
  const [first] = rows;
  if (first === undefined) throw new Error('a replay always has a row');
  const entries = rows.filter((row) => row.row_pos !== null);
  return {
    isAnchored: first.is_anchored && first.through_nonce !== null,
    isComplete: entries.every((row) => row.event_id !== null),
    entries: entries.map(entryOf),
    through: { pos: first.through_pos, nonce: first.through_nonce ?? 0 },
  };
}

const oneSql = `
  with ${visibleRows('$2::bigint + 1', '$4')}
  select ${entryColumns} from (select * from hits where nonce = $3::int) o ${entryJoins}`;

/**
 * The event at one position as `userId` can see it now; undefined if they cannot, or if it was pruned. The event happened
 * after the time `endedAfterMs`, by the database's clock.
 */
export async function visibleEvent(
  db: Queryable,
  userId: string,
  { pos, nonce }: Cursor,
  endedAfterMs: number,
): Promise<LogEntry | undefined> {
  const { rows } = await db.query<EntryRow>({
    name: 'log-event',
    text: oneSql,
    values: [userId, pos - 1, nonce, endedAfterMs],
  });
  return rows[0] === undefined || rows[0].event_id === null ? undefined : entryOf(rows[0]);
}

/** How many events `userId` missed between `from` and `to`, counted no further than `max` + 1. */
export async function countMissed(
  db: Queryable,
  userId: string,
  from: number,
  to: number,
  max: number,
  endedAfterMs: number = Number.NEGATIVE_INFINITY,
): Promise<number> {
  const { rows } = await db.query<{ missed: number }>({
    name: 'log-missed',
    text: `with ${visibleRows('$3::bigint', '$5')} select count(*)::int as missed from (select 1 from hits limit $4) h`,
    values: [userId, from, to, max + 1, endedAfterMs],
  });
  return rows[0]?.missed ?? 0;
}
