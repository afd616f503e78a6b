import { openDatabase } from '@fechatter/drizzle';
import { accessOf, emptyDatabase, rolePasswords } from '@fechatter/drizzle/testing';
import { testEnvironment } from '@fechatter/service-kit/testing';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { runCli } from './run-cli.ts';

const database = await emptyDatabase();
const folder = await mkdtemp(join(tmpdir(), 'fechatter-prepare-'));
afterAll(async () => {
  await database[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

async function prepare(...roles: readonly (keyof typeof rolePasswords)[]) {
  const files = roles.map(async (role) => {
    await writeFile(join(folder, role), `${rolePasswords[role]}\n`);
    return `--${role}-password-file=${join(folder, role)}`;
  });
  return runCli(['database', 'prepare', ...(await Promise.all(files))], {
    env: { ...testEnvironment, FECHATTER_DATABASE_URL: database.url },
    out: () => {},
    err: () => {},
    signal: new AbortController().signal,
  });
}

/** Whether the role may read what imports remember. */
async function mayImport(role: keyof typeof rolePasswords): Promise<boolean> {
  const db = openDatabase(accessOf(database, role));
  try {
    return await db.pool.query('select source from import_map').then(
      () => true,
      () => false,
    );
  } finally {
    await db.close();
  }
}

test('the role of imports is made if it is asked for, beside those of the services', async () => {
  expect(await prepare('server', 'importer')).toBe(2);
  expect(await prepare('importer')).toBe(2);
  expect(await prepare('server', 'notify', 'worker')).toBe(0);
  expect(await mayImport('importer')).toBe(false);
  expect(await prepare('server', 'notify', 'worker', 'importer')).toBe(0);
  expect(await mayImport('importer')).toBe(true);
  expect(await mayImport('notify')).toBe(false);
});
