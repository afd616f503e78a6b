import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import type { DatabaseOptions } from '../connection.ts';

export const TEMPLATE = 'fechatter_template';
const CLONE_LOCK = 7_326_001;

/** The database of one test file, cloned from the migrated template. */
export interface TestDatabase extends DatabaseOptions, AsyncDisposable {
  /** Runs one query as a superuser, for inspecting what is stored and for staging faults. */
  query<R extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<R[]>;
}

/** Clones the template; disposing of it drops the clone. */
export const testDatabase = (): Promise<TestDatabase> => cloneOf(TEMPLATE);

/** A database without tables, for what must work before the first migration. */
export const emptyDatabase = (): Promise<TestDatabase> => cloneOf('template0');

/** A database without tables in the locale of a language: in Turkish, I and i are not a pair. */
export const databaseOfLanguage = (icuLocale: string): Promise<TestDatabase> =>
  cloneOf('template0', `encoding 'UTF8' locale_provider icu icu_locale '${icuLocale}' locale 'C.UTF-8'`);

async function cloneOf(template: string, more = ''): Promise<TestDatabase> {
  const clusterUrl = inject('postgresUrl');
  const name = `t_${randomBytes(8).toString('hex')}`;
  // Postgres refuses two concurrent clones of one template.
  await withClient(clusterUrl, async (client) => {
    await client.query('select pg_advisory_lock($1)', [CLONE_LOCK]);
    // Copied by files: half the work of logging each page in a cluster that need not survive a crash.
    await client.query(`create database ${name} template ${template} strategy file_copy ${more}`);
  });
  const url = new URL(clusterUrl);
  url.pathname = `/${name}`;
  const admin = new pg.Pool({ connectionString: url.href, max: 4 });
  admin.on('error', () => {});
  return {
    url: url.href,
    applicationName: 'test',
    async query<R extends pg.QueryResultRow>(text: string, values?: unknown[]) {
      const { rows } = await admin.query<R>(text, values);
      return rows;
    },
    async [Symbol.asyncDispose]() {
      await admin.end();
      await withClient(clusterUrl, (client) => client.query(`drop database ${name} with (force)`));
    },
  };
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
