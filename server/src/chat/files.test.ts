import { afterAll, expect, test } from 'vitest';
import { refusal, testServer, uploaded } from '../testing/index.ts';

const app = await testServer();
afterAll(() => app[Symbol.asyncDispose]());
const { alice, bob, chat } = await app.chatOf('alice', 'bob');
const chatId = chat.id;

test('the files of a chat are listed by kind and page, without unsent and deleted ones', async () => {
  const pictures: string[] = [];
  for (const [name, text] of [
    ['1', 'GIF89a 1'],
    ['2', 'text'],
    ['3', 'GIF89a 3'],
    ['4', 'GIF89a 4'],
  ] as const) {
    const { id } = await uploaded(app, alice, { chatId, name, bytes: Buffer.from(text) });
    await alice.trpc.message.send.mutate({ chatId, content: '', fileIds: [id] });
    if (name !== '2') pictures.push(id);
  }
  const root = await bob.trpc.message.send.mutate({ chatId, content: 'root' });
  const inThread = await uploaded(app, bob, { chatId, name: '5', bytes: Buffer.from('text') });
  const reply = await bob.trpc.message.send.mutate({ chatId, content: '', threadId: root.id, fileIds: [inThread.id] });
  await uploaded(app, alice, { chatId, name: 'unsent', bytes: Buffer.from('text') });
  const list = (more: object = {}) => bob.trpc.chat.files.query({ chatId, ...more });
  const all = await list();
  expect(all.files.map(({ file }) => file.name)).toEqual(['5', '4', '3', '2', '1']);
  expect(all.files[0]).toMatchObject({ messageId: reply.id, threadId: root.id });
  expect(all.nextCursor).toBeNull();
  const first = await list({ kind: 'image', limit: 2 });
  expect(first.files.map(({ file }) => file.name)).toEqual(['4', '3']);
  const second = await list({ kind: 'image', limit: 2, cursor: first.nextCursor });
  expect(second.files.map(({ file }) => file.name)).toEqual(['1']);
  expect(second.nextCursor).toBeNull();
  expect((await list({ kind: 'other' })).files.map(({ file }) => file.name)).toEqual(['5', '2']);
  expect((await list({ kind: 'video' })).files).toEqual([]);
  await alice.trpc.message.delete.mutate({ chatId, messageId: first.files[0]?.messageId ?? '' });
  expect((await list({ kind: 'image' })).files.map(({ file }) => file.name)).toEqual(['3', '1']);
  const mallory = await app.signUp('mallory');
  expect(await refusal(mallory.trpc.chat.files.query({ chatId }))).toMatchObject({ reason: 'chat_not_found' });
  expect(await refusal(list({ cursor: 'x' }))).toMatchObject({ reason: 'invalid_cursor' });
});
