import { type Build, sqlFile, thisBuild } from '../build.ts';
import type { TestDatabase } from './test-database.ts';

/** The migrations of release 0.1, which contained its functions too. */
export const migrationsOf01 = thisBuild.migrations.slice(0, 9);

/** Migrates an empty database to release 0.1. */
export async function migrateAs01(database: Pick<TestDatabase, 'query'>): Promise<void> {
  await database.query('create table migrations (id serial primary key, hash text not null, created_at bigint)');
  for (const { statements, hash, madeAtMs } of migrationsOf01) {
    for (const statement of statements) await database.query(statement);
    await database.query('insert into migrations (hash, created_at) values ($1, $2)', [hash, madeAtMs]);
  }
}

/** Grants the services' roles the rights of release 0.1. */
export async function grantAs01(database: Pick<TestDatabase, 'query'>): Promise<void> {
  await database.query('revoke all on schema public from public');
  await database.query('revoke execute on all functions in schema public from public');
  for (const role of ['fechatter_server', 'fechatter_notify']) {
    await database.query(
      `do $$ begin create role ${role} login; exception when duplicate_object or unique_violation then null; end $$`,
    );
    await database.query(`grant usage on schema public to ${role}`);
    await database.query(`grant select on all tables in schema public to ${role}`);
  }
  await database.query('grant execute on all functions in schema public to fechatter_server');
  await database.query('grant insert, update, delete on all tables in schema public to fechatter_server');
}

/** This build with another release number and some other texts. */
export const buildOf = (release: string, texts: Readonly<Record<string, string>> = {}): Build => ({
  ...thisBuild,
  release,
  sqlFiles: [
    ...thisBuild.sqlFiles.filter(({ name }) => texts[name] === undefined),
    ...Object.entries(texts).map(([name, text]) => sqlFile(name, text)),
  ],
});
