import pg from 'pg';

export interface DatabaseOptions {
  /** `postgres://user:password@host:port/database`. */
  readonly url: string;
  /** What `pg_stat_activity` calls this process. */
  readonly applicationName: string;
  /** Connections at most; 10 where nothing is said. */
  readonly poolSize?: number;
  /** How long a connection may take to be made; 3,000 where nothing is said. */
  readonly connectTimeoutMs?: number;
  /** No statement runs longer in Postgres; 0 for no limit, 8,000 where nothing is said. */
  readonly statementTimeoutMs?: number;
  /** `steady` for a pool that is asked the same few things all the time: plans are made once (see steadyPlans). */
  readonly plans?: 'steady';
  /** Passed to Node's TLS; undefined: no TLS. */
  readonly tls?: { readonly ca?: string | undefined; readonly rejectUnauthorized?: boolean } | undefined;
}

const CONNECT_TIMEOUT_MS = 3_000;
const STATEMENT_TIMEOUT_MS = 8_000;
/** pg sends no 0, and until it is set a limit of the database, however short, would hold. */
const AS_GOOD_AS_NONE_MS = 2_147_483_647;
const LOCK_TIMEOUT_MS = 4_000;
const IDLE_IN_TRANSACTION_MS = 10_000;
/** A stopped back end answers nothing: each query has a deadline here too, so much later than the one in Postgres. */
const ANSWER_MS = 2_000;

/** bigint columns hold counters far below 2^53: they are numbers in JavaScript. */
export const columnTypes: pg.CustomTypesConfig = {
  getTypeParser: ((oid: Parameters<typeof pg.types.getTypeParser>[0], format?: 'text') =>
    oid === pg.types.builtins.INT8
      ? Number
      : pg.types.getTypeParser(oid, format)) as pg.CustomTypesConfig['getTypeParser'],
};

/** What every connection of ours is made with. */
export function connectionConfig(options: DatabaseOptions): pg.ClientConfig {
  const statementTimeoutMs = options.statementTimeoutMs ?? STATEMENT_TIMEOUT_MS;
  return {
    connectionString: options.url,
    application_name: options.applicationName,
    connectionTimeoutMillis: options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
    statement_timeout: statementTimeoutMs === 0 ? AS_GOOD_AS_NONE_MS : statementTimeoutMs,
    lock_timeout: LOCK_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    query_timeout: statementTimeoutMs === 0 ? 0 : statementTimeoutMs + ANSWER_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: 5_000,
    types: columnTypes,
    // Both said, or pg would ask the environment.
    ssl: options.tls ?? false,
    sslnegotiation: 'postgres',
  };
}

/**
 * A connection that knows nothing of libpq's environment: PGOPTIONS and the like are the operator's shell's own, and
 * options are taken from the URL alone.
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

const optionsIn = (url: string): string | undefined =>
  URL.canParse(url) ? (new URL(url).searchParams.get('options') ?? undefined) : undefined;

/**
 * What our SQL relies on, set on each connection because database and role may say otherwise. After connecting, not with
 * it: PgBouncer refuses what it does not know. The limits first: behind it those of the database hold until then.
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

/** A connection that is not made yet. Its errors between queries are heard by the next query. */
export function createClient(
  options: DatabaseOptions,
  overrides: Pick<pg.ClientConfig, 'query_timeout'> = {},
): pg.Client {
  const client = new OwnClient({ ...connectionConfig(options), ...overrides });
  client.on('error', () => {});
  return client;
}

/** A connection of its own, made and set up. */
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
