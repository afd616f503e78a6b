import { parseUrl } from '@fechatter/contract';
import pg from 'pg';
import { parseUtcTime } from './utc-time.ts';

export interface DatabaseOptions {
  /** `postgres://user:password@host:port/database`. */
  readonly url: string;
  /** The name of this process in `pg_stat_activity`. */
  readonly applicationName: string;
  /** The maximum number of connections. Default: 10. */
  readonly poolSize?: number;
  /** How long opening a connection may take. Default: 3,000. */
  readonly connectTimeoutMs?: number;
  /** How long a statement may run in Postgres; 0 for no limit. Default: 8,000. */
  readonly statementTimeoutMs?: number;
  /** `steady` for a pool that runs the same few statements all the time: plans are made once (see steadyPlans). */
  readonly plans?: 'steady';
  /** Passed to Node's TLS; undefined: no TLS. */
  readonly tls?: { readonly ca?: string | undefined; readonly rejectUnauthorized?: boolean } | undefined;
}

const CONNECT_TIMEOUT_MS = 3_000;
const STATEMENT_TIMEOUT_MS = 8_000;
/** pg does not send 0, and then a limit of the database, however short, would apply until it is set. */
const AS_GOOD_AS_NONE_MS = 2_147_483_647;
const LOCK_TIMEOUT_MS = 4_000;
const IDLE_IN_TRANSACTION_MS = 10_000;
/**
 * A frozen back end never responds, so each query has a deadline here too, this much later than the one in Postgres.
 */
export const RESPONSE_MS = 2_000;

const ownParsers = new Map<unknown, (text: string) => unknown>([
  // bigint columns hold counters far below 2^53: they are numbers in JavaScript.
  [pg.types.builtins.INT8, Number],
  [pg.types.builtins.TIMESTAMPTZ, parseUtcTime],
]);

/** How the texts of columns become values. */
export const columnTypes: pg.CustomTypesConfig = {
  getTypeParser: ((oid: Parameters<typeof pg.types.getTypeParser>[0], format?: 'text') =>
    ownParsers.get(oid) ?? pg.types.getTypeParser(oid, format)) as pg.CustomTypesConfig['getTypeParser'],
};

/** The options of every connection. */
export function connectionConfig(options: DatabaseOptions): pg.ClientConfig {
  const statementTimeoutMs = options.statementTimeoutMs ?? STATEMENT_TIMEOUT_MS;
  return {
    connectionString: options.url,
    application_name: options.applicationName,
    connectionTimeoutMillis: options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
    statement_timeout: statementTimeoutMs === 0 ? AS_GOOD_AS_NONE_MS : statementTimeoutMs,
    lock_timeout: LOCK_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    query_timeout: statementTimeoutMs === 0 ? 0 : statementTimeoutMs + RESPONSE_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: 5_000,
    types: columnTypes,
    // Both are set, or pg would read the environment.
    ssl: options.tls ?? false,
    sslnegotiation: 'postgres',
  };
}

/**
 * A connection that ignores libpq's environment: PGOPTIONS and the like belong to the operator's shell, and options
 * come only from the URL.
 */
export class OwnClient extends pg.Client {
  constructor(config: pg.ClientConfig = {}) {
    super(config);
    // pg declares no type for them.
    const { connectionParameters } = this as unknown as {
      connectionParameters: { options?: string | undefined; replication?: string | undefined };
    };
    connectionParameters.options = optionsIn(config.connectionString ?? '');
    connectionParameters.replication = undefined;
  }
}

const optionsIn = (url: string): string | undefined => parseUrl(url)?.searchParams.get('options') ?? undefined;

/**
 * The settings that our SQL relies on, set on each connection because the database and the role may have others. They
 * are set after connecting, not with it, because PgBouncer refuses unknown parameters. The timeouts come first: with
 * PgBouncer those of the database apply until then.
 */
export function sessionPins(options: DatabaseOptions): string {
  return `
    set statement_timeout = ${options.statementTimeoutMs ?? STATEMENT_TIMEOUT_MS};
    set lock_timeout = ${LOCK_TIMEOUT_MS};
    set idle_in_transaction_session_timeout = ${IDLE_IN_TRANSACTION_MS};
    set search_path = public, pg_temp;
    set default_transaction_isolation = 'read committed';
    set default_transaction_read_only = off;
    set default_transaction_deferrable = off;
    set datestyle = 'ISO, MDY';
    set intervalstyle = 'postgres';
    set timezone = 'UTC';
    set bytea_output = 'hex';
    set extra_float_digits = 1;
    set standard_conforming_strings = on;
    set array_nulls = on;
    set transform_null_equals = off;
    set quote_all_identifiers = off;
    set row_security = on;
    set client_encoding = 'UTF8'`;
}

/** A connection that is not opened yet. The next query reports errors that occur between queries. */
export function createClient(
  options: DatabaseOptions,
  overrides: Pick<pg.ClientConfig, 'query_timeout'> = {},
): pg.Client {
  const client = new OwnClient({ ...connectionConfig(options), ...overrides });
  client.on('error', () => {});
  return client;
}

/** A dedicated connection, opened and set up. */
export async function connectClient(options: DatabaseOptions): Promise<pg.Client> {
  const client = createClient(options);
  await client.connect();
  try {
    await client.query(sessionPins(options));
    return client;
  } catch (error) {
    await client.end();
    throw error;
  }
}
