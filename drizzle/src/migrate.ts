import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate as runMigrations } from 'drizzle-orm/node-postgres/migrator';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { connectionConfig, type Database, type DatabaseOptions } from './database.ts';
import { errorCode } from './unavailable.ts';

const folder = fileURLToPath(new URL('../migrations', import.meta.url));
const UNDEFINED_TABLE = '42P01';
const NO_SUCH_SCHEMA = '3F000';

/** Brings the database to this build's version. Processes that start together take turns; waits 60 s at most. */
export async function migrate(options: DatabaseOptions): Promise<void> {
  const client = new pg.Client({
    ...connectionConfig(options),
    statement_timeout: 0,
    query_timeout: 0,
    lock_timeout: 60_000,
  });
  client.on('error', () => {});
  await client.connect();
  try {
    // Said aloud: pg sends no 0 when it connects, and then a limit of the role or the database would hold.
    await client.query('set statement_timeout = 0');
    await client.query(`select pg_advisory_lock(hashtext('fechatter.migrate'))`);
    await runMigrations(drizzle(client), {
      migrationsFolder: folder,
      migrationsTable: 'migrations',
      migrationsSchema: 'public',
    });
  } finally {
    await client.end();
  }
}

/** When the newest migration of this build was made, in milliseconds: what the database must have reached. */
export const expectedVersion: number = newestOf(readFileSync(`${folder}/meta/_journal.json`, 'utf8'));

/** The version that the database has; 0 where nothing was migrated yet. */
export async function databaseVersion(db: Pick<Database, 'pool'>): Promise<number> {
  try {
    const { rows } = await db.pool.query<{ version: number }>(
      'select coalesce(max(created_at), 0) as version from migrations',
    );
    return rows[0]?.version ?? 0;
  } catch (error) {
    const code = errorCode(error);
    if (code === UNDEFINED_TABLE || code === NO_SUCH_SCHEMA) return 0;
    throw error;
  }
}

function newestOf(journal: string): number {
  const { entries } = JSON.parse(journal) as { entries: { when: number }[] };
  return Math.max(...entries.map(({ when }) => when));
}
