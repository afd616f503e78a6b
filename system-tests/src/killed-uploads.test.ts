import { openDatabase } from '@fechatter/drizzle';
import { download, putPart, someBytes, testServer } from '@fechatter/server/testing';
import { until } from '@fechatter/testing/until';
import { request } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ServiceProcess, serviceProcess } from './service-processes.ts';

const SIZE = 3_000_000;
const bytes = someBytes(SIZE);
const app = await testServer();
const { alice, chat } = await app.chatOf('alice', 'bob');
const { stores } = app.deps.files;
const owner = openDatabase(app.database);
let victim: ServiceProcess;
beforeAll(async () => {
  victim = await startVictim();
});
afterAll(async () => {
  await victim[Symbol.asyncDispose]();
  await owner.close();
  await app[Symbol.asyncDispose]();
});

const startVictim = () =>
  serviceProcess('server', app.database, { FECHATTER_FILES_FOLDER: app.deps.config.files.folder });
const begin = () => alice.trpc.file.begin.mutate({ chatId: chat.id, name: 'a', size: SIZE });
const objectsOf = (fileId: string) =>
  app.database.query<{ id: string; stored_at: Date | null }>(
    'select id, stored_at from file_objects where file_id = $1 order by id',
    [fileId],
  );

/** Sends a part to the server that is going to be killed, or its beginning. */
function sendPart(fileId: string, sentBytes: number) {
  const sending = request(`${victim.url}/api/files/${fileId}/parts/1`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${alice.session.token}`, 'content-length': SIZE },
  });
  sending.on('error', () => {});
  sending.write(bytes.subarray(0, sentBytes));
  if (sentBytes === SIZE) sending.end();
}

/** Nothing of what was killed is there, and the part can be sent again, to another server. */
async function goesOn(fileId: string) {
  expect(await alice.trpc.file.status.query({ fileId })).toMatchObject({ state: 'Uploading', partsReceived: [] });
  expect((await putPart(app, alice, fileId, 1, bytes)).status).toBe(204);
  expect(await alice.trpc.file.finish.mutate({ fileId })).toMatchObject({ state: 'Ready', size: SIZE });
  const response = await download(app, alice, fileId);
  expect(Buffer.from(await response.arrayBuffer()).equals(Buffer.from(bytes))).toBe(true);
}

test('a server that is killed in the middle of a part leaves no object', async () => {
  const { fileId } = await begin();
  sendPart(fileId, SIZE / 2);
  await until(async () => (await objectsOf(fileId)).length === 1, 'the part is being written');
  await victim.kill();
  const [object] = await objectsOf(fileId);
  expect(object?.stored_at).toBeNull();
  expect(await stores.of('Folder').sizeOf(object?.id ?? '')).toBeUndefined();
  await goesOn(fileId);
});

test('a server that is killed between store and commit leaves an object that is no part', async () => {
  victim = await startVictim();
  const { fileId } = await begin();
  const holder = await owner.pool.connect();
  await holder.query('begin');
  await holder.query('select from files where id = $1 for update', [fileId]);
  sendPart(fileId, SIZE);
  const isStored = async () => {
    const [object] = await objectsOf(fileId);
    return object !== undefined && (await stores.of('Folder').sizeOf(object.id)) !== undefined;
  };
  await until(isStored, 'the object is stored, and its commit waits');
  await victim.kill();
  await holder.query('rollback');
  holder.release();
  expect((await objectsOf(fileId)).map(({ stored_at: storedAt }) => storedAt)).toEqual([null]);
  await goesOn(fileId);
  expect(await objectsOf(fileId)).toHaveLength(2);
});
