import type pg from 'pg';
import { type Build, thisBuild, versionOf } from './build.ts';
import { connectClient, type DatabaseOptions } from './connection.ts';
import type { Database } from './database.ts';
import { refuseOldProcesses } from './old-processes.ts';
import { regrantServiceRoles } from './service-roles.ts';
import { applySqlFiles, functionState } from './sql-in-force.ts';
import { errorCode } from './unavailable.ts';

const TURN_MS = 60_000;
const UNDEFINED_TABLE = '42P01';
const NO_SUCH_SCHEMA = '3F000';

/**
 * Brings the database to this build's version, in one transaction: tables and data by migrations, then the functions
 * whose text changed, then the rights of the services' roles. A database of a newer build stays unchanged. Refuses,
 * with an OldProcessesError, if processes are connected that cannot work with the new version. Processes that start
 * together take turns, and wait at most 60 s.
 */
export async function migrate(options: DatabaseOptions, build: Build = thisBuild): Promise<void> {
  const client = await connectClient({ ...options, statementTimeoutMs: 0 });
  try {
    await client.query(`set lock_timeout = ${TURN_MS}`);
    await client.query(`select pg_advisory_lock(hashtext('fechatter.migrate'))`);
    await client.query('begin');
    await bringUp(client, build);
    await client.query('commit');
  } finally {
    await client.end();
  }
}

async function bringUp(client: pg.Client, build: Build): Promise<void> {
  await client.query('create schema if not exists public');
  await client.query(
    'create table if not exists public.migrations (id serial primary key, hash text not null, created_at bigint)',
  );
  const version = await newestMigration(client);
  if (version > versionOf(build)) return;
  const due = build.migrations.filter(({ madeAtMs }) => madeAtMs > version);
  if (due.length === 0 && (await functionState(client, build)) !== 'older') return;
  await refuseOldProcesses(client, build);
  for (const { statements, hash, madeAtMs } of due) {
    for (const statement of statements) await client.query(statement);
    await client.query('insert into public.migrations (hash, created_at) values ($1, $2)', [hash, madeAtMs]);
  }
  const applied = await applySqlFiles(client, build);
  // New objects have no rights yet, or those of PUBLIC.
  if (due.length > 0 || applied.length > 0) await regrantServiceRoles(client);
  // Migrations take time, and a supervisor may have started an old process meanwhile.
  await refuseOldProcesses(client, build);
}

async function newestMigration(db: Pick<pg.ClientBase, 'query'>): Promise<number> {
  const { rows } = await db.query<{ version: number }>(
    'select coalesce(max(created_at), 0)::bigint as version from migrations',
  );
  return rows[0]?.version ?? 0;
}

/** The state of a database compared with a build: empty, older, current or newer. */
export type SchemaState = 'empty' | 'older' | 'current' | 'newer';

/**
 * Compares the tables and functions of a database with those of this build. This build can work with `current` and
 * `newer`.
 */
export async function schemaState(db: Pick<Database, 'pool'>, build: Build = thisBuild): Promise<SchemaState> {
  try {
    const version = await newestMigration(db.pool);
    if (version !== versionOf(build)) return version === 0 ? 'empty' : version < versionOf(build) ? 'older' : 'newer';
    return await functionState(db.pool, build);
  } catch (error) {
    const code = errorCode(error);
    if (code === UNDEFINED_TABLE || code === NO_SUCH_SCHEMA) return 'empty';
    throw error;
  }
}

/** Whether a database has everything that this build needs. */
export async function isMigrated(db: Pick<Database, 'pool'>): Promise<boolean> {
  const state = await schemaState(db);
  return state === 'current' || state === 'newer';
}
