import type { Metrics } from './metrics.ts';

/** A connection pool's own counters. */
export interface PoolCounts {
  readonly totalCount: number;
  readonly idleCount: number;
  readonly waitingCount: number;
}

/** The state of the event log; provided by the database's package. */
export interface LogFacts {
  readonly lastPos: number | undefined;
  readonly unnumberedMs: number;
  readonly partitionsAhead: number;
  readonly databaseTimeMs: number;
}

export interface DatabaseMetricsOptions {
  readonly pool: PoolCounts;
  readonly logState: () => Promise<LogFacts>;
}

/** The state of the database at the last scrape. */
export interface DatabaseWatch {
  /** How far the database's clock is ahead of this process's; undefined before the first scrape. */
  readonly clockOffsetMs: number | undefined;
  /** Reads the state, unless that has just been done; undefined if the database does not respond in a second. */
  read(): Promise<LogFacts | undefined>;
}

const RECENT_MS = 1_000;
const DEADLINE_MS = 1_000;

/** Adds metrics of the database: connections, and the state of the event log. One read per scrape, with a deadline. */
export function registerDatabaseMetrics(metrics: Metrics, { pool, logState }: DatabaseMetricsOptions): DatabaseWatch {
  let clockOffsetMs: number | undefined;
  let latest: { readonly atMs: number; readonly facts: Promise<LogFacts | undefined> } | undefined;
  const load = async (): Promise<LogFacts | undefined> => {
    const beganAtMs = Date.now();
    const facts = await withinDeadline(logState());
    if (facts !== undefined) clockOffsetMs = facts.databaseTimeMs - (beganAtMs + Date.now()) / 2;
    return facts;
  };
  const read = () => {
    if (latest === undefined || performance.now() - latest.atMs > RECENT_MS)
      latest = { atMs: performance.now(), facts: load() };
    return latest.facts;
  };
  const fact = (of: (facts: LogFacts) => number | undefined) => async () => {
    const facts = await read();
    return facts && of(facts);
  };

  metrics.gauge({
    name: 'fechatter_database_up',
    help: '1 if the database responds within a second, otherwise 0.',
    read: async () => ((await read()) === undefined ? 0 : 1),
  });
  metrics.gauge({
    name: 'fechatter_clock_offset_seconds',
    help: 'How far the clock of the database is ahead of this one.',
    read: async () => ((await read()) === undefined || clockOffsetMs === undefined ? undefined : clockOffsetMs / 1_000),
  });
  metrics.gauge({
    name: 'fechatter_log_last_position',
    help: 'The newest position of the event log.',
    read: fact(({ lastPos }) => lastPos),
  });
  metrics.gauge({
    name: 'fechatter_log_unnumbered_seconds',
    help: 'How long the oldest row of the event log has waited for its position; 0 if none waits.',
    read: fact(({ unnumberedMs }) => unnumberedMs / 1_000),
  });
  metrics.gauge({
    name: 'fechatter_log_partitions_ahead',
    help: 'Partitions of the event log that are ready after the current one; with none, every write soon fails.',
    read: fact(({ partitionsAhead }) => partitionsAhead),
  });
  metrics.gauge({
    name: 'fechatter_pool_connections',
    help: 'Connections to the database that are open.',
    read: () => pool.totalCount,
  });
  metrics.gauge({
    name: 'fechatter_pool_in_use',
    help: 'Connections to the database that are in use.',
    read: () => pool.totalCount - pool.idleCount,
  });
  metrics.gauge({
    name: 'fechatter_pool_waiting',
    help: 'Queries that wait for a connection.',
    read: () => pool.waitingCount,
  });
  return {
    read,
    get clockOffsetMs() {
      return clockOffsetMs;
    },
  };
}

async function withinDeadline<T>(work: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((settle) => {
    timer = setTimeout(settle, DEADLINE_MS, undefined);
  });
  try {
    return await Promise.race([work.catch(() => undefined), late]);
  } finally {
    clearTimeout(timer);
  }
}
