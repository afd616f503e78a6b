import type { Cursor, LogRow } from '@fechatter/contract';
import type pg from 'pg';
import { bytesOfContent } from '../nouns/registry.ts';
import { bytesBefore, entryColumns, entryJoins, entryOf, type EntryRow, type LogEntry } from './entry.ts';

/** Anything that can run one query: a pool or a connection. */
export type Queryable = Pick<pg.Pool, 'query'>;

const ENTRIES_MAX = 500;
const BYTES_MAX = 4_194_304;

/** The current end of the log: the cursor of a client that begins now. */
export async function currentCursor(db: Queryable): Promise<Cursor> {
  const { rows } = await db.query<Cursor>('select pos, nonce from log_order order by pos desc limit 1');
  if (rows[0] === undefined) throw new Error('the log has no beginning: run the migrations');
  return rows[0];
}

/** One read of a tail: all of one snapshot. */
export interface TailRead {
  /** False: the row of the reader's position is gone, so the history was replaced and everything must start again. */
  readonly isAnchored: boolean;
  /** What the next read passes as `since`. */
  readonly snapshot: string;
  /**
   * Every revocation that an earlier read may not have seen, numbered or not. During a long transaction in the cluster,
   * the same row comes with every read.
   */
  readonly revocations: readonly LogRow[];
  /** The rows after the reader's position, without a gap: at most 500 rows or 4 MiB of content. */
  readonly entries: readonly LogEntry[];
  /** Whether the read ended at a limit, so that more rows may be waiting. */
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

// No `order by`: with an order by id, Postgres scans the whole primary key of a partition that the planner believes to
// be empty.
const revocationsSince = (since: string) => `
  (select coalesce(jsonb_agg(jsonb_build_object('id', k.id, 'row', jsonb_build_object('code', k.code,
      'workspaceId', k.workspace_id, 'workspaceSeq', k.workspace_seq, 'chatId', k.chat_id, 'chatSeq', k.chat_seq,
      'userId', k.user_id, 'subjectId', k.subject_id, 'facts', k.facts))), '[]')
   from event_log k where k.takes_away and k.xid >= pg_snapshot_xmin(${since}::pg_snapshot)
     and not pg_visible_in_snapshot(k.xid, ${since}::pg_snapshot))`;

const inOrder = (revocations: FoundRevocation[]): readonly LogRow[] =>
  revocations.sort((a, b) => a.id - b.id).map(({ row }) => row);

// The first row is that of the reader's position, without content; it carries snapshot and revocations.
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

/** Reads the rows after `from`, and every revocation that `since` (the snapshot of the previous read) did not see. */
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

/** More transactions than can end without a trace on disk when Postgres crashes. */
const UNFLUSHED_MAX = 10_000n;

/**
 * The snapshot to continue from on another connection than that of `since`. Postgres may have crashed in between: then
 * it reuses ids of transactions that left nothing on disk, which `since` would take for old ones. Known revocations may
 * come once more.
 */
export function sinceBeforeCrash(since: string): string {
  const xmin = BigInt(since.slice(0, since.indexOf(':')));
  const from = xmin > UNFLUSHED_MAX ? xmin - UNFLUSHED_MAX : 1n;
  return `${from}:${from}:`;
}

/** Reads only the revocations that `since` did not see, for a process that delivers no events. */
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
