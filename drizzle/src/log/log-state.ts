import type { Queryable } from './read.ts';

/** The state of the log in the database, for readiness, metrics and doctor. */
export interface LogState {
  /** The newest position; undefined if there is none yet. */
  readonly lastPos: number | undefined;
  /**
   * How long the oldest row has been waiting for its position, in milliseconds; 0 if there is none. More than 1 s: no
   * process is numbering.
   */
  readonly unnumberedMs: number;
  /** Partitions that are ready after the one in use, of the parent that has fewer. Without any, every write fails. */
  readonly partitionsAhead: number;
  /** The database's clock, in milliseconds of the epoch. */
  readonly databaseTimeMs: number;
}

const PARTITIONS_AHEAD_MIN = 2;
const UNNUMBERED_MAX_MS = 5_000;

const statement = {
  name: 'log-state',
  text: `
    with last as materialized (select snap from log_tick order by tick_id desc limit 1),
    place as (
      select (select id from event_log order by id desc limit 1) as id,
        (select pos from log_order order by pos desc limit 1) as pos,
        (select event_id from log_order order by pos desc limit 1) as event_id),
    made as (
      select i.inhparent as parent, max(substring(c.relname from '_p(\\d+)$')::bigint) as newest
      from pg_inherits i join pg_class c on c.oid = i.inhrelid
      where i.inhparent in ('event_log'::regclass, 'log_order'::regclass) group by 1)
    select place.pos as last_pos,
      coalesce((select extract(epoch from clock_timestamp() - min(e.created_at)) * 1000 from event_log e, last
        where e.xid >= pg_snapshot_xmax(last.snap)), 0)::float8 as unnumbered_ms,
      coalesce(least(
        (select newest from made where parent = 'event_log'::regclass) - coalesce(place.id, 0) / 1000000,
        (select newest from made where parent = 'log_order'::regclass)
          - (coalesce(place.pos, 0) + greatest(coalesce(place.id, 0) - coalesce(place.event_id, 0), 0)) / 1000000), 0)::int
        as partitions_ahead,
      (extract(epoch from clock_timestamp()) * 1000)::float8 as database_time_ms
    from place`,
};

interface Row {
  readonly last_pos: number | null;
  readonly unnumbered_ms: number;
  readonly partitions_ahead: number;
  readonly database_time_ms: number;
}

/** Reads the state of the log: a few index look-ups, independent of its size. */
export async function logState(db: Queryable): Promise<LogState> {
  const { rows } = await db.query<Row>(statement);
  const [row] = rows;
  if (row === undefined) throw new Error('a select without from has a row');
  return {
    lastPos: row.last_pos ?? undefined,
    unnumberedMs: Math.max(0, row.unnumbered_ms),
    partitionsAhead: row.partitions_ahead,
    databaseTimeMs: row.database_time_ms,
  };
}

/** Whether committed rows get their positions; if not, nothing is delivered. */
export const isNumbered = ({ unnumberedMs }: LogState): boolean => unnumberedMs <= UNNUMBERED_MAX_MS;

/** Tokens are checked by this machine's clock, with 60 s of leeway: an operator should know before that. */
const CLOCK_OFF_MAX_MS = 30_000;

/** What an operator should check, one line each; empty if all is well. `nowMs` is this machine's clock. */
export function logWarnings(state: LogState, nowMs: number = Date.now()): readonly string[] {
  const { databaseTimeMs, partitionsAhead, unnumberedMs } = state;
  const warnings: string[] = [];
  if (partitionsAhead < PARTITIONS_AHEAD_MIN)
    warnings.push(
      `${partitionsAhead} partitions ahead, expected ${PARTITIONS_AHEAD_MIN} or more: no process makes them`,
    );
  if (!isNumbered(state))
    warnings.push(
      `an event waits for its position for ${Math.round(unnumberedMs / 1_000)} s: no process numbers events`,
    );
  const aheadMs = nowMs - databaseTimeMs;
  if (Math.abs(aheadMs) > CLOCK_OFF_MAX_MS)
    warnings.push(
      `this machine's clock is ${Math.round(Math.abs(aheadMs) / 1_000)} s ${aheadMs > 0 ? 'ahead of' : 'behind'} ` +
        `the database's: tokens may be accepted or refused wrongly, keep all clocks with NTP`,
    );
  return warnings;
}
