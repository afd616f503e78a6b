import { testConfig } from '@fechatter/service-kit/testing';
import { someBytes, testServer, uploaded } from '@fechatter/server/testing';
import { readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { checkFiles } from './files.ts';

const app = await testServer();
afterAll(() => app[Symbol.asyncDispose]());
const { alice, chat } = await app.chatOf('alice', 'bob');
const { folder } = app.deps.config.files;
const config = testConfig('launcher', { FECHATTER_FILES_FOLDER: folder });
const findings = () => checkFiles({ env: {}, config, database: app.database, db: app.db.pool });
const content = async () => (await findings()).find(({ check }) => check === 'files');

/** The file in which the folder keeps an object. */
async function pathOf(objectId: string): Promise<string> {
  const names = await readdir(folder, { recursive: true });
  const name = names.find((one) => one.endsWith(objectId) || one.endsWith(objectId.replaceAll('-', '')));
  return join(folder, name ?? expect.fail(`no file of ${objectId}`));
}

test('the doctor finds parts that are missing or cut, in the folder that this machine uses', async () => {
  expect(await content()).toEqual({ check: 'files', status: 'ok', found: 'none has been uploaded yet' });
  const files = [];
  for (const size of [10, 70_000]) files.push(await uploaded(app, alice, { chatId: chat.id, bytes: someBytes(size) }));
  expect(await content()).toMatchObject({ status: 'ok', found: expect.stringContaining('newest 2 parts') as string });

  const [object] = await app.database.query<{ id: string }>('select id from file_objects where file_id = $1', [
    files[1]?.id,
  ]);
  const path = await pathOf(object?.id ?? '');
  const whole = await readFile(path);
  const { size } = await stat(path);
  await truncate(path, size - 1);
  expect(await content()).toMatchObject({ status: 'problem', found: expect.stringContaining('1 of the newest 2') as string });
  await rm(path);
  expect(await content()).toMatchObject({ status: 'problem', todo: expect.stringContaining('same files.folder') as string });
  await writeFile(path, whole);
  expect(await content()).toMatchObject({ status: 'ok' });
  // What is gone is not missed.
  await rm(path);
  await alice.trpc.file.cancel.mutate({ fileId: files[1]?.id ?? '' });
  expect(await content()).toMatchObject({ status: 'ok', found: expect.stringContaining('newest 1 parts') as string });
}); // biome-ignore format: long expectations

test('the doctor says how much room the disk of the folder has, where new files go there', async () => {
  const room = (await findings()).find(({ check }) => check === 'room for files');
  expect(room?.found).toMatch(/^\d+ % of the disk of /);
  const elsewhere = testConfig('launcher', { FECHATTER_FILES_FOLDER: join(folder, 'not there') });
  const there = await checkFiles({ env: {}, config: elsewhere, database: app.database, db: app.db.pool });
  expect(there.map(({ check }) => check)).toEqual(['files']);
});
