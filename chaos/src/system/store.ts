import { type Database, grantServiceRoles, migrate, openDatabase } from '@fechatter/drizzle';
import { type EmbeddedPostgres, startPostgres } from '@fechatter/embedded-postgres';
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';

const DATABASE = 'fechatter';

/** The Postgres of a run: faults kill and stop it, the harness restarts it, the checker reads it. */
export interface Store {
  readonly port: number;
  /** The URL for a service's role, through a proxy's port. */
  urlFor(kind: 'server' | 'notify' | 'worker', port: number): string;
  /** Runs a query as the owner, without a proxy. Fails while Postgres is down. */
  query<R extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<R[]>;
  /** A connection of the owner for a long transaction. */
  connect(): Promise<pg.Client>;
  /** The database of an operator's command. Close it. */
  open(): Database;
  /** Kills the postmaster (SIGKILL); resolves when Postgres is running again. */
  kill(): Promise<void>;
  /** Shuts it down, runs `work` on its folder, and starts it again. */
  restart(work?: (folder: string) => Promise<unknown>): Promise<void>;
  /** Starts it if it has ended by itself, as without space on its disk. */
  revive(): Promise<void>;
  /** Freezes the postmaster and every back end (SIGSTOP). */
  freeze(forMs: number): Promise<void>;
  stop(): Promise<void>;
}

/** Makes a cluster in `folder`, migrates it and makes the services' roles. */
export async function openStore(folder: string, durable: boolean): Promise<Store> {
  const options = { dataDir: folder, durable };
  let postgres = await startPostgres(options);
  let hasEnded = false;
  const { port } = postgres;
  const watch = () => {
    hasEnded = false;
    const watched = postgres;
    void watched.exited.then(() => (hasEnded ||= watched === postgres));
  };
  const startAgain = async () => {
    postgres = await restarted(postgres, () => startPostgres({ ...options, port }));
    watch();
  };
  watch();
  await withClient(postgres.url, (client) => client.query(`create database ${DATABASE}`));
  const ownerUrl = changed(postgres.url, { pathname: `/${DATABASE}` });
  const owner = { url: ownerUrl, applicationName: 'chaos' };
  await migrate(owner);
  const [server = '', notify = '', worker = ''] = [1, 2, 3].map(() => randomBytes(12).toString('hex'));
  const passwords = { server, notify, worker };
  await grantServiceRoles(owner, passwords);
  const pool = new pg.Pool({
    connectionString: ownerUrl,
    max: 4,
    connectionTimeoutMillis: 3_000,
    query_timeout: 180_000,
  });
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  return {
    port,
    urlFor: (kind, at) =>
      changed(ownerUrl, { username: `fechatter_${kind}`, password: passwords[kind], port: String(at) }),
    query: async <R extends pg.QueryResultRow>(text: string, values?: unknown[]) =>
      (await pool.query<R>(text, values)).rows,
    async connect() {
      const client = new pg.Client({ connectionString: ownerUrl, connectionTimeoutMillis: 3_000 });
      client.on('error', () => {});
      await client.connect();
      return client;
    },
    open: () => openDatabase({ url: ownerUrl, applicationName: 'fechatter-chaos' }),
    async kill() {
      process.kill(postgres.pid, 'SIGKILL');
      await startAgain();
    },
    async restart(work = async () => {}) {
      await postgres.stop();
      await work(folder);
      await startAgain();
    },
    async revive() {
      if (hasEnded) await startAgain();
    },
    async freeze(forMs) {
      const pids = [postgres.pid, ...childrenOf(postgres.pid)];
      for (const pid of pids) kill(pid, 'SIGSTOP');
      await wait(forMs);
      for (const pid of pids) kill(pid, 'SIGCONT');
    },
    async stop() {
      await pool.end().catch(() => {});
      await postgres.stop();
    },
  };
}

async function restarted(ended: EmbeddedPostgres, start: () => Promise<EmbeddedPostgres>): Promise<EmbeddedPostgres> {
  await ended.exited;
  for (let tries = 1; ; tries++) {
    try {
      return await start();
    } catch (error) {
      if (tries === 5) throw error;
      await wait(500);
    }
  }
}

const changed = (url: string, parts: Partial<Pick<URL, 'pathname' | 'username' | 'password' | 'port'>>): string =>
  Object.assign(new URL(url), parts).href;

async function withClient(url: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

function childrenOf(parentPid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/status`, 'utf8').includes(`\nPPid:\t${parentPid}\n`);
      } catch {
        return false;
      }
    });
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // The process has ended meanwhile.
  }
}
