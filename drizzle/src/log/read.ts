import type { Cursor, LogRow } from '@fechatter/contract';
import type pg from 'pg';
import { bytesOfContent } from '../nouns/registry.ts';
import { bytesBefore, entryColumns, entryJoins, entryOf, type EntryRow, type LogEntry } from './entry.ts';

/** Anything that can run one query: a pool or a connection. */
export type Queryable = Pick<pg.Pool, 'query'>;

const ENTRIES_MAX = 500;
const BYTES_MAX = 4_194_304;
const WINDOW_POSITIONS = 10_000;

/** The place where the log ends now: the token of a client that begins from now. */
export async function currentCursor(db: Queryable): Promise<Cursor> {
  const { rows } = await db.query<Cursor>('select pos, nonce from log_order order by pos desc limit 1');
  if (rows[0] === undefined) throw new Error('the log has no beginning: run the migrations');
  return rows[0];
}

/** One read of a tail: all of one snapshot. */
export interface TailRead {
  /** False: the row that the reader stood on is gone, so history was replaced and everything must begin anew. */
  readonly isAnchored: boolean;
  /** What the next read passes as `since`. */
  readonly snapshot: string;
  /**
   * Every row that takes something away and that no read before may have seen, numbered or not. While some transaction
   * of the cluster takes long, the same row comes with every read.
   */
  readonly revocations: readonly LogRow[];
  /** What follows the reader's position, without a gap. At most 500 rows or 4 MiB of content. */
  readonly entries: readonly LogEntry[];
  /** Whether it ended at a limit, so that more rows may be waiting. */
  readonly hasMore: boolean;
}

interface FoundRevocation {
  readonly id: number;
  readonly row: LogRow;
}

interface TailRow extends EntryRow {
  snapshot: string | null;
  revocations: FoundRevocation[] | null;
}

// Without an order: asked for one by id, a partition that the planner believes empty is walked along its primary key.
const revocationsSince = (since: string) => `
  (select coalesce(jsonb_agg(jsonb_build_object('id', k.id, 'row', jsonb_build_object('code', k.code,
      'workspaceId', k.workspace_id, 'workspaceSeq', k.workspace_seq, 'chatId', k.chat_id, 'chatSeq', k.chat_seq,
      'userId', k.user_id, 'subjectId', k.subject_id, 'facts', k.facts))), '[]')
   from event_log k where k.takes_away and k.xid >= pg_snapshot_xmin(${since}::pg_snapshot)
     and not pg_visible_in_snapshot(k.xid, ${since}::pg_snapshot))`;

const inOrder = (revocations: FoundRevocation[]): readonly LogRow[] =>
  revocations.sort((a, b) => a.id - b.id).map(({ row }) => row);

// The first row is the one that the reader stands on, without content; snapshot and revocations come with it.
const tailSql = `
  select * from (
    select ${entryColumns}, ${bytesBefore} as bytes_before,
      case when o.pos = $1::bigint then pg_current_snapshot()::text end as snapshot,
      case when o.pos = $1::bigint then ${revocationsSince('$2')} end as revocations
    from (
      select pos, nonce, case when pos > $1::bigint then event_id end as event_id
      from log_order where pos >= $1::bigint and pos <= $1::bigint + ${ENTRIES_MAX} order by pos limit ${ENTRIES_MAX + 1}) o
    ${entryJoins}) f
  where bytes_before < ${BYTES_MAX} order by pos`;

const LOST = { isAnchored: false, snapshot: '', revocations: [], entries: [], hasMore: false } as const;

/** Reads what follows `from`, and every revocation that `since` (the snapshot of the read before) did not see. */
export async function readTail(db: Queryable, from: Cursor, since: string): Promise<TailRead> {
  const { rows } = await db.query<TailRow>({ name: 'log-tail', text: tailSql, values: [from.pos, since] });
  const anchor = rows.shift();
  if (anchor?.pos !== from.pos || anchor.nonce !== from.nonce) return LOST;
  const isDense = rows.every((row, index) => row.pos === from.pos + 1 + index && row.event_id !== null);
  if (!isDense) return LOST;
  const entries = rows.map(entryOf);
  const bytes = entries.reduce((sum, entry) => sum + bytesOfContent(entry), 0);
  return {
    isAnchored: true,
    snapshot: anchor.snapshot ?? since,
    revocations: inOrder(anchor.revocations ?? []),
    entries,
    hasMore: rows.length === ENTRIES_MAX || bytes >= BYTES_MAX,
  };
}

/** More transactions than can have ended without a trace on disk when a server dies. */
const UNFLUSHED_MAX = 10_000n;

/**
 * What to read on from on another connection than the one that `since` came from. The server may have died between: then
 * ids of transactions that left nothing on disk are given out again, and `since` would take theirs for long past.
 * Revocations that were known already come once more.
 */
export function sinceBeforeCrash(since: string): string {
  const xmin = BigInt(since.slice(0, since.indexOf(':')));
  const from = xmin > UNFLUSHED_MAX ? xmin - UNFLUSHED_MAX : 1n;
  return `${from}:${from}:`;
}

/** The revocations that `since` did not see, alone: for a process that delivers nothing. */
export async function readRevocations(
  db: Queryable,
  since: string,
): Promise<Pick<TailRead, 'snapshot' | 'revocations'>> {
  const { rows } = await db.query<{ snapshot: string; revocations: FoundRevocation[] }>({
    name: 'log-revocations',
    text: `select pg_current_snapshot()::text as snapshot, ${revocationsSince('$1')} as revocations`,
    values: [since],
  });
  if (rows[0] === undefined) throw new Error('a read of revocations always has a row');
  return { snapshot: rows[0].snapshot, revocations: inOrder(rows[0].revocations) };
}

/** Where a tail begins: the end of the log, and the snapshot after which revocations must be looked for. */
export async function tailStart(db: Queryable): Promise<{ cursor: Cursor; since: string }> {
  const { rows } = await db.query<Cursor & { snapshot: string }>(
    'select pos, nonce, pg_current_snapshot()::text as snapshot from log_order order by pos desc limit 1',
  );
  if (rows[0] === undefined) throw new Error('the log has no beginning: run the migrations');
  const { pos, nonce, snapshot } = rows[0];
  return { cursor: { pos, nonce }, since: snapshot };
}

/** A part of what a person missed. */
export interface ReplayWindow {
  /** False: the token's row is not in the log (any more). */
  readonly isAnchored: boolean;
  /** False: an event was forgotten while it was read. */
  readonly isComplete: boolean;
  readonly entries: readonly LogEntry[];
  /** Everything up to here was looked at; the next window begins here. */
  readonly through: Cursor;
}

// Judges in the statement that reads the content: a row counts where a period covers its seq and is still open or ends
// with this very row; a chat's period is open only while the workspace's is. The same rule as canSee() in the contract.
const visibleRows = (upTo: string) => `
  workspace_periods as materialized (
    select workspace_id, joined_seq, left_seq from workspace_members where user_id = $1::uuid),
  chat_periods as materialized (
    select chat_id, joined_seq, left_seq from chat_members where user_id = $1::uuid),
  hits as materialized (
    select o.pos, o.nonce, o.event_id
    from log_order o
    left join workspace_periods wp on o.workspace_seq is not null and wp.workspace_id = o.workspace_id
      and o.workspace_seq >= wp.joined_seq and (wp.left_seq is null or wp.left_seq = o.workspace_seq)
    left join chat_periods cp on o.workspace_seq is null and o.user_id is null and cp.chat_id = o.chat_id
      and o.chat_seq >= cp.joined_seq
      and (cp.left_seq = o.chat_seq or (cp.left_seq is null and exists (
        select 1 from workspace_periods open where open.workspace_id = o.workspace_id and open.left_seq is null)))
    where o.pos > $2::bigint and o.pos <= ${upTo}
      and (o.user_id = $1::uuid or wp.workspace_id is not null or cp.chat_id is not null))`;

const replaySql = `
  with anchor as materialized (
    select exists (select 1 from log_order where pos = $2::bigint and nonce = $3::int) as is_anchored),
  ${visibleRows(`least($4::bigint, $2::bigint + ${WINDOW_POSITIONS})`)},
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

/** What `userId` may see of the log after `from` and up to position `to`, at most 10,000 positions, 500 rows or 4 MiB. */
export async function replayWindow(db: Queryable, userId: string, from: Cursor, to: number): Promise<ReplayWindow> {
  const { rows } = await db.query<ReplayRow>({
    name: 'log-replay',
    text: replaySql,
    values: [userId, from.pos, from.nonce, to],
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

/** How many events `userId` missed between `from` and `to`, counted no further than `max` + 1. */
export async function countMissed(
  db: Queryable,
  userId: string,
  from: number,
  to: number,
  max: number,
): Promise<number> {
  const { rows } = await db.query<{ missed: number }>({
    name: 'log-missed',
    text: `with ${visibleRows('$3::bigint')} select count(*)::int as missed from (select 1 from hits limit $4) h`,
    values: [userId, from, to, max + 1],
  });
  return rows[0]?.missed ?? 0;
}
