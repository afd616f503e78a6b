import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import { steadyPlans } from './log/steady-plans.ts';
import * as schema from './schema.ts';

export interface DatabaseOptions {
  /** `postgres://user:password@host:port/database`. */
  readonly url: string;
  /** What `pg_stat_activity` calls this process. */
  readonly applicationName: string;
  /** Connections at most; 10 where nothing is said. */
  readonly poolSize?: number;
  /** No statement runs longer in Postgres; 0 for no limit, 8,000 where nothing is said. */
  readonly statementTimeoutMs?: number;
  /** `steady` for a pool that is asked the same few things all the time: plans are made once (see steadyPlans). */
  readonly plans?: 'steady';
  /** Passed to Node's TLS; undefined: no TLS. */
  readonly tls?: { readonly ca?: string | undefined; readonly rejectUnauthorized?: boolean } | undefined;
}

/** The tables through Drizzle, and the connections beneath for SQL that is written out. */
export type Tables = NodePgDatabase<typeof schema>;
export interface Database {
  readonly pool: pg.Pool;
  readonly tables: Tables;
  close(): Promise<void>;
}

/** bigint columns hold counters far below 2^53: they are numbers in JavaScript. */
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: Parameters<typeof pg.types.getTypeParser>[0], format?: 'text') =>
    oid === pg.types.builtins.INT8
      ? Number
      : pg.types.getTypeParser(oid, format)) as pg.CustomTypesConfig['getTypeParser'],
};

/** What every connection of ours is made with. A stopped back end answers nothing: each query has a deadline here too. */
export function connectionConfig(options: DatabaseOptions): pg.ClientConfig {
  const statementTimeoutMs = options.statementTimeoutMs ?? 8_000;
  return {
    connectionString: options.url,
    application_name: options.applicationName,
    connectionTimeoutMillis: 3_000,
    statement_timeout: statementTimeoutMs,
    lock_timeout: 4_000,
    idle_in_transaction_session_timeout: 10_000,
    query_timeout: statementTimeoutMs === 0 ? 0 : statementTimeoutMs + 2_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 5_000,
    types,
    ...(options.tls !== undefined && { ssl: options.tls }),
  };
}

/** Opens a pool; connections are made on demand, so a database that is down is found out by the first query. */
export function openDatabase(options: DatabaseOptions): Database {
  const pool = new pg.Pool({
    ...connectionConfig(options),
    max: options.poolSize ?? 10,
    idleTimeoutMillis: 30_000,
    ...(options.plans === 'steady' && { onConnect: planSteadily }),
  });
  // A connection that dies between queries must not end the process: its next query fails by itself.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  return { pool, tables: tablesOf(pool), close: () => pool.end() };
}

/** The pool waits for what this returns before it lends the connection; its types do not say so. */
function planSteadily(client: pg.ClientBase): unknown {
  client.on('error', () => {});
  return client.query(steadyPlans);
}

/** The tables over a pool or one connection. Raw SQL is read as everywhere: drizzle alone gives counters and times as text. */
export function tablesOf(client: pg.Pool | pg.PoolClient): Tables {
  const reading = new Proxy(client, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key);
      if (typeof value !== 'function') return value;
      if (key !== 'query') return value.bind(target);
      return (query: pg.QueryConfig & { rowMode?: string }, values?: unknown[]) =>
        target.query(query.rowMode === undefined ? { ...query, types } : query, values);
    },
  });
  return drizzle(reading, { schema });
}
