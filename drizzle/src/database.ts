import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import { columnTypes, connectionConfig, type DatabaseOptions, OwnClient, sessionPins } from './connection.ts';
import { steadyPlans } from './log/steady-plans.ts';
import * as schema from './schema.ts';

/** The tables through Drizzle, and the pool beneath it for plain SQL. */
export type Tables = NodePgDatabase<typeof schema>;
export interface Database {
  readonly pool: pg.Pool;
  readonly tables: Tables;
  close(): Promise<void>;
}

/** Opens a pool; connections are opened on demand, so the first query fails if the database is down. */
export function openDatabase(options: DatabaseOptions): Database {
  const pool = new pg.Pool({
    ...connectionConfig(options),
    max: options.poolSize ?? 10,
    idleTimeoutMillis: 30_000,
    Client: OwnClient,
    onConnect: (client: pg.ClientBase) => setUp(client, options),
  });
  // A connection that dies between queries must not end the process: its next query fails by itself.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  return { pool, tables: tablesOf(pool), close: () => pool.end() };
}

/** The pool waits for what this returns before it lends the connection; its types do not say so. */
function setUp(client: pg.ClientBase, options: DatabaseOptions): unknown {
  client.on('error', () => {});
  return client.query(options.plans === 'steady' ? `${sessionPins(options)};${steadyPlans}` : sessionPins(options));
}

/**
 * The tables over a pool or one connection. Raw SQL returns the same types as everywhere: by default Drizzle returns
 * counters and times as text. `responseMs`: how long a query waits for its response, in place of the connection's limit.
 */
export function tablesOf(client: pg.Pool | pg.PoolClient, responseMs?: number): Tables {
  const limit = responseMs === undefined ? {} : { query_timeout: responseMs };
  const reading = new Proxy(client, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key);
      if (typeof value !== 'function') return value;
      if (key !== 'query') return value.bind(target);
      return (query: pg.QueryConfig & { rowMode?: string }, values?: unknown[]) =>
        target.query({ ...query, ...limit, ...(query.rowMode === undefined && { types: columnTypes }) }, values);
    },
  });
  return drizzle(reading, { schema });
}
