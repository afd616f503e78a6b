import { grantServiceRoles, migrate } from '@fechatter/drizzle';
import { startPostgres } from '@fechatter/embedded-postgres';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import pg from 'pg';
import { endWithThis } from './ended-with-this.ts';

export interface BenchDatabaseOptions {
  readonly folder: string;
  /** True: with fsync, because the cost of a commit counts. False if only what follows a commit is measured. */
  readonly isDurable: boolean;
  readonly settings?: Record<string, string>;
}

/** A migrated database on its own Postgres. */
export interface BenchDatabase extends AsyncDisposable {
  /** The owner's URL. */
  readonly url: string;
  /** The pid of the postmaster; `familyOf(pid)` includes its back ends. */
  readonly pid: number;
  /** The URL of a service's own role, or that of imports. */
  urlFor(kind: 'server' | 'notify' | 'worker' | 'importer'): string;
  /** The owner's connections, four at most. */
  readonly pool: pg.Pool;
}

const DATABASE = 'fechatter';

/** Starts an embedded Postgres in a folder of the run, with the services' roles. */
export async function benchDatabase({
  folder,
  isDurable,
  settings = {},
}: BenchDatabaseOptions): Promise<BenchDatabase> {
  const postgres = await startPostgres({ dataDir: join(folder, 'postgres'), durable: isDurable, settings });
  const letGo = endWithThis(postgres.pid, 'SIGINT');
  const admin = new pg.Client({ connectionString: postgres.url });
  await admin.connect();
  await admin.query(`create database ${DATABASE}`);
  await admin.end();
  const url = changed(postgres.url, { pathname: `/${DATABASE}` });
  const owner = { url, applicationName: 'bench' };
  await migrate(owner);
  const [server = '', notify = '', worker = '', importer = ''] = [1, 2, 3, 4].map(() =>
    randomBytes(12).toString('hex'),
  );
  const passwords = { server, notify, worker, importer };
  await grantServiceRoles(owner, passwords);
  const pool = new pg.Pool({ connectionString: url, max: 4 });
  pool.on('error', () => {});
  return {
    url,
    pid: postgres.pid,
    pool,
    urlFor: (kind) => changed(url, { username: `fechatter_${kind}`, password: passwords[kind] }),
    async [Symbol.asyncDispose]() {
      await pool.end();
      await postgres.stop();
      letGo();
    },
  };
}

const changed = (url: string, parts: Partial<Pick<URL, 'pathname' | 'username' | 'password'>>): string =>
  Object.assign(new URL(url), parts).href;
