import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, onTestFinished } from 'vitest';
import { type EmbeddedPostgres, type StartOptions, startPostgres } from '../index.ts';

/** A path that does not exist yet and is removed after the test. */
export async function newFolder(below = tmpdir()): Promise<string> {
  const parent = await mkdtemp(join(await realpath(below), 'embedded-postgres-test-'));
  onTestFinished(() => rm(parent, { recursive: true, force: true, maxRetries: 5 }));
  return join(parent, 'pg');
}

/** Starts a Postgres that is stopped after the test. */
export async function start(options: StartOptions): Promise<EmbeddedPostgres> {
  const postgres = await startPostgres({ durable: false, ...options });
  onTestFinished(() => postgres.stop());
  return postgres;
}

/** Starts the Postgres of the shared folder. */
export async function started(): Promise<{ postgres: EmbeddedPostgres }> {
  return { postgres: await start({ dataDir: await madeFolder() }) };
}

/**
 * A folder that tests use in turn, because initdb is most of a first start. Each test finds it as the previous one left
 * it.
 */
export async function madeFolder(): Promise<string> {
  made ??= mkdtemp(join(await realpath(tmpdir()), 'embedded-postgres-made-'));
  return join(await made, 'pg');
}

let made: Promise<string> | undefined;

afterAll(async () => {
  if (made) await rm(await made, { recursive: true, maxRetries: 5 });
});
