import { limits } from '@fechatter/contract';
import { afterAll, expect, test } from 'vitest';
import { refusal, someBytes, testServer, uploaded } from '../testing/index.ts';

const app = await testServer({
  FECHATTER_FILES_WORKSPACE_MAX_BYTES: '1000',
  FECHATTER_FILES_FILE_MAX_BYTES: '900',
  FECHATTER_LIMITS_WRITES_PER_MINUTE: '0',
});
afterAll(() => app[Symbol.asyncDispose]());
const { alice, bob, chat, workspace } = await app.chatOf('alice', 'bob');
const begin = (size: number, person = alice) => person.trpc.file.begin.mutate({ chatId: chat.id, name: 'a', size });
const used = async () => {
  const rows = await app.database.query('select bytes::int from file_usage where workspace_id = $1', [workspace.id]);
  return rows[0]?.['bytes'];
};

test('concurrent uploads get exactly the remaining quota', async () => {
  const another = await app.another();
  const elsewhere = another.client({ authorization: `Bearer ${bob.session.token}` });
  const begun = await Promise.allSettled(
    Array.from({ length: 30 }, (_, index) =>
      index % 2 === 0 ? begin(90) : elsewhere.file.begin.mutate({ chatId: chat.id, name: 'a', size: 90 }),
    ),
  );
  expect(begun.filter(({ status }) => status === 'fulfilled')).toHaveLength(11);
  expect(await used()).toBe(990);
  expect(await refusal(begin(11))).toMatchObject({ reason: 'quota_exceeded', httpStatus: 409 });
  expect(await begin(10)).toMatchObject({ partCount: 1 });
  expect(await begin(0)).toMatchObject({ partCount: 0 });
  expect(await refusal(begin(901))).toMatchObject({ reason: 'file_too_large', httpStatus: 413 });
});

test('a person has a limited number of unsent files', async () => {
  const { carol, chat: own } = await app.chatOf('carol');
  const one = () => carol.trpc.file.begin.mutate({ chatId: own.id, name: 'a', size: 0 });
  const begun = await Promise.allSettled(Array.from({ length: limits.unsentFilesMax + 5 }, one));
  expect(begun.filter(({ status }) => status === 'fulfilled')).toHaveLength(limits.unsentFilesMax);
  const { fileId } = begun.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []))[0] ?? { fileId: '' };
  await carol.trpc.file.finish.mutate({ fileId });
  await carol.trpc.message.send.mutate({ chatId: own.id, content: '', fileIds: [fileId] });
  await one();
  expect(await refusal(one())).toMatchObject({ reason: 'quota_exceeded' });
});

test('one person’s unsent uploads leave room for the others', async () => {
  const large = await app.another({
    FECHATTER_FILES_FILE_MAX_BYTES: '2147483648',
    FECHATTER_FILES_WORKSPACE_MAX_BYTES: '0',
  });
  const { erin, chat: own } = await app.chatOf('erin');
  const trpc = large.client({ authorization: `Bearer ${erin.session.token}` });
  const begin = (size: number) => trpc.file.begin.mutate({ chatId: own.id, name: 'a', size });
  const half = limits.unsentFilesMaxBytes / 2;
  const begun = await Promise.allSettled([half, half, half].map(begin));
  expect(begun.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
  expect(await refusal(begin(1))).toMatchObject({ reason: 'quota_exceeded', httpStatus: 409 });
  for (const each of begun)
    if (each.status === 'fulfilled') await trpc.file.cancel.mutate({ fileId: each.value.fileId });
  // One file may be larger.
  await begin(2 * limits.unsentFilesMaxBytes);
  expect(await refusal(begin(1))).toMatchObject({ reason: 'quota_exceeded' });
});

test('an upload is not finished if the quota was lowered below it meanwhile', async () => {
  const { dave, chat: own } = await app.chatOf('dave');
  const { fileId } = await dave.trpc.file.begin.mutate({ chatId: own.id, name: 'a', size: 800 });
  const smaller = await app.another({ FECHATTER_FILES_WORKSPACE_MAX_BYTES: '500' });
  const headers = { authorization: `Bearer ${dave.session.token}` };
  const url = `${smaller.url}/api/files/${fileId}/parts/1`;
  expect((await fetch(url, { method: 'PUT', headers, body: someBytes(800) as never })).status).toBe(204);
  const finish = smaller.client(headers).file.finish.mutate({ fileId });
  expect(await refusal(finish)).toMatchObject({ reason: 'quota_exceeded' });
  expect(await uploaded(app, dave, { chatId: own.id, bytes: someBytes(100) })).toMatchObject({ state: 'Ready' });
});
