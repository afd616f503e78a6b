import { testServer, putPart, someBytes, uploaded } from '@fechatter/server/testing';
import { StoreError } from '@fechatter/file-store';
import { afterAll, expect, test } from 'vitest';
import { v7 as uuidv7 } from 'uuid';
import { workerDeps } from '../testing/worker-deps.ts';
import { collectFiles } from './collect-files.ts';

const app = await testServer();
const deps = workerDeps(app);
afterAll(async () => {
  await deps.db.close();
  await app[Symbol.asyncDispose]();
});
const { alice, chat } = await app.chatOf('alice', 'bob');
const chatId = chat.id;
const store = deps.stores.of('Folder');
const collect = (stores = deps.stores) => collectFiles({ ...deps, stores }, new AbortController().signal);
const upload = () => uploaded(app, alice, { chatId, bytes: someBytes(1_000) });
const objectsOf = async (fileId: string) => {
  const rows = await app.database.query<{ id: string }>('select id from file_objects where file_id = $1', [fileId]);
  return rows.map(({ id }) => id);
};
const stateOf = async (fileId: string) => {
  const rows = await app.database.query<{ state: string }>('select state from files where id = $1', [fileId]);
  return rows[0]?.state;
};
const used = async () => {
  const rows = await app.database.query<{ bytes: number }>('select sum(bytes)::int as bytes from file_usage');
  return rows[0]?.bytes;
};
const sizes = (ids: readonly string[]) => Promise.all(ids.map((id) => store.sizeOf(id)));

test('files that were not sent in time are removed, with their objects and quota; sent ones stay', async () => {
  const [sent, young, late] = [await upload(), await upload(), await upload()];
  const begun = await alice.trpc.file.begin.mutate({ chatId, name: 'a', size: 500 });
  await alice.trpc.message.send.mutate({ chatId, content: '', fileIds: [sent.id] });
  await app.database.query('update files set expires_at = now() where id = any ($1)', [[late.id, begun.fileId]]);
  const gone = await objectsOf(late.id);
  expect(await sizes(gone)).toEqual([1_028]);
  expect(await used()).toBe(3_500);
  await collect();
  expect(await sizes(gone)).toEqual([undefined]);
  expect([await stateOf(late.id), await stateOf(begun.fileId)]).toEqual([undefined, undefined]);
  expect([await stateOf(sent.id), await stateOf(young.id)]).toEqual(['Ready', 'Ready']);
  expect(await sizes([...(await objectsOf(sent.id)), ...(await objectsOf(young.id))])).toEqual([1_028, 1_028]);
  expect(await used()).toBe(2_000);
  await collect();
  expect(await used()).toBe(2_000);
});

test('the files of deleted messages are removed, also if the store fails in between', async () => {
  const before = await used();
  const file = await upload();
  const { id: messageId } = await alice.trpc.message.send.mutate({ chatId, content: '', fileIds: [file.id] });
  await alice.trpc.message.delete.mutate({ chatId, messageId });
  const objects = await objectsOf(file.id);
  const failing = { ...store, delete: () => Promise.reject(new StoreError('unavailable', 'down')) };
  await collect({ ...deps.stores, of: () => failing });
  expect(await stateOf(file.id)).toBe('Gone');
  expect(await objectsOf(file.id)).toEqual(objects);
  await collect();
  expect(await stateOf(file.id)).toBeUndefined();
  expect(await sizes(objects)).toEqual([undefined]);
  expect(await used()).toBe(before);
});

test('an attempt whose server died between store and commit is removed after an hour, and the part can be sent again', async () => {
  const { fileId } = await alice.trpc.file.begin.mutate({ chatId, name: 'a', size: 1_000 });
  const [orphan, young] = [uuidv7(), uuidv7()];
  for (const id of [orphan, young]) {
    await app.database.query('insert into file_objects (id, file_id, part) values ($1, $2, 1)', [id, fileId]);
    await store.put(id, one(someBytes(10)), 10);
  }
  await app.database.query("update file_objects set created_at = now() - interval '61 minutes' where id = $1", [
    orphan,
  ]);
  expect(await alice.trpc.file.status.query({ fileId })).toMatchObject({ partsReceived: [] });
  await collect();
  expect(await sizes([orphan, young])).toEqual([undefined, 10]);
  expect((await putPart(app, alice, fileId, 1, someBytes(1_000))).status).toBe(204);
  expect(await alice.trpc.file.finish.mutate({ fileId })).toMatchObject({ state: 'Ready' });
});

test('removing a file waits while a part of it is being written', async () => {
  const { fileId } = await alice.trpc.file.begin.mutate({ chatId, name: 'a', size: 1_000 });
  const writing = uuidv7();
  await app.database.query('insert into file_objects (id, file_id, part) values ($1, $2, 1)', [writing, fileId]);
  await alice.trpc.file.cancel.mutate({ fileId });
  await collect();
  expect(await stateOf(fileId)).toBe('Gone');
  await app.database.query("update file_objects set created_at = now() - interval '61 minutes' where id = $1", [
    writing,
  ]);
  await collect();
  expect(await stateOf(fileId)).toBeUndefined();
});

async function* one(bytes: Uint8Array) {
  yield await Promise.resolve(bytes);
}
