import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { migrate } from '../migrate.ts';
import { ownPostgres } from './own-postgres.ts';
import { TEMPLATE } from './test-database.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The cluster that this run's databases live in, and its template's name in the path. */
    postgresUrl: string;
  }
}

/** One real Postgres a test run, with a migrated template that every test file clones. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const postgres = await ownPostgres();
  const admin = new pg.Client({ connectionString: postgres.url });
  await admin.connect();
  await admin.query(`create database ${TEMPLATE}`);
  await admin.end();
  const url = new URL(postgres.url);
  url.pathname = `/${TEMPLATE}`;
  await migrate({ url: url.href, applicationName: 'test-setup' });
  project.provide('postgresUrl', postgres.url);
  return async () => {
    await postgres[Symbol.asyncDispose]();
  };
}
