import type { Cursor, LogRow } from '@fechatter/contract';
import type pg from 'pg';
import { bytesOfContent } from '../nouns/registry.ts';
import { bytesBefore, entryColumns, entryJoins, entryOf, type EntryRow, type LogEntry } from './entry.ts';

/** Anything that can run one query: a pool or a connection. */
export type Queryable = Pick<pg.Pool, 'query'>;

const ENTRIES_MAX = 500;
const BYTES_MAX = 4_194_304;

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
