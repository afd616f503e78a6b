import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { migrate } from '../migrate.ts';
import { grantServiceRoles } from '../service-roles.ts';
import { ownPostgres } from './own-postgres.ts';
import { rolePasswords } from './service-access.ts';
import { TEMPLATE } from './test-database.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The URL of this run's cluster, with the template's name in the path. */
    postgresUrl: string;
  }
}

/**
 * One real Postgres per test run, with a migrated template that every test file clones, and a folder for the built
 * services, which the first test that starts one as a process builds.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const build = await mkdtemp(join(tmpdir(), 'fechatter-build-'));
  process.env.FECHATTER_TEST_BUILD = build;
  const postgres = await ownPostgres();
  const admin = new pg.Client({ connectionString: postgres.url });
  await admin.connect();
  await admin.query(`create database ${TEMPLATE}`);
  await admin.end();
  const url = new URL(postgres.url);
  url.pathname = `/${TEMPLATE}`;
  const owner = { url: url.href, applicationName: 'test-setup' };
  await migrate(owner);
  await grantServiceRoles(owner, rolePasswords);
  project.provide('postgresUrl', postgres.url);
  return async () => {
    await postgres[Symbol.asyncDispose]();
    await rm(build, { recursive: true, force: true });
  };
}
