import { afterAll, expect, test } from 'vitest';
import { v7 as uuidv7 } from 'uuid';
import { brokenRules } from '../testing/invariants.ts';
import { download, refusal, someBytes, testServer, uploaded } from '../testing/index.ts';

const app = await testServer({ FECHATTER_LIMITS_SENDS_PER_MINUTE: '0' });
afterAll(() => app[Symbol.asyncDispose]());
const { alice, bob, chat, workspace } = await app.chatOf('alice', 'bob');
const chatId = chat.id;
const send = (more: object, person = alice) => person.trpc.message.send.mutate({ chatId, content: 'hi', ...more });
const upload = (name = 'a.bin', person = alice) => uploaded(app, person, { chatId, bytes: someBytes(100), name });

test('files come with their message in the order in which they were sent, however it is read', async () => {
  const [one, two, three] = [await upload('1'), await upload('2'), await upload('3')];
  const quoted = await send({});
  expect(quoted).not.toHaveProperty('files');
  const sent = await send({ fileIds: [two.id, three.id, one.id], quotedId: quoted.id, content: `<@${bob.id}>` });
  expect(sent.files).toEqual([two, three, one]);
  expect(sent).toMatchObject({ quotedId: quoted.id, mentions: { userIds: [bob.id] } });
  expect(await bob.trpc.message.get.query({ chatId, messageId: sent.id })).toEqual(sent);
  const edited = await alice.trpc.message.edit.mutate({ chatId, messageId: sent.id, content: 'ho' });
  expect(edited).toMatchObject({ content: 'ho', files: [two, three, one], quotedId: quoted.id });
  const reply = await send({ threadId: quoted.id, content: '', fileIds: [(await upload()).id] });
  expect(reply.files).toHaveLength(1);
  expect(await brokenRules(app.database)).toEqual({});
});

test('a retry sends once, and a call with other files is not a retry', async () => {
  const [one, two] = [await upload(), await upload()];
  const retried = { clientId: uuidv7(), fileIds: [one.id] };
  const first = await send(retried);
  expect(await send(retried)).toEqual(first);
  for (const other of [{ fileIds: [] }, { fileIds: [two.id] }, { fileIds: [one.id, two.id] }])
    expect(await refusal(send({ ...retried, ...other }))).toMatchObject({ reason: 'client_id_reused' });
  // All of a batch, whose second is the repeat.
  const again = { clientId: uuidv7(), fileIds: [two.id] };
  const both = await Promise.all([send(again), send(again)]);
  expect(both[0]).toEqual(both[1]);
});

test('a file can be sent once, by its uploader, in its chat', async () => {
  const other = await alice.trpc.chat.create.mutate({
    name: 'other', chatType: 'Group', workspaceId: workspace.id, memberIds: [bob.id],
  }); // biome-ignore format: a call
  const file = await upload();
  const missing = { reason: 'file_not_found', httpStatus: 404 };
  expect(await refusal(send({ fileIds: [file.id] }, bob))).toMatchObject(missing);
  expect(await refusal(send({ fileIds: [file.id], chatId: other.id }))).toMatchObject(missing);
  expect(await refusal(send({ fileIds: [uuidv7()] }))).toMatchObject(missing);
  expect(await refusal(send({ fileIds: [file.id, uuidv7()] }))).toMatchObject(missing);
  // Whichever of a batch comes first.
  const responses = await Promise.allSettled(Array.from({ length: 8 }, () => send({ fileIds: [file.id] })));
  expect(responses.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(await refusal(send({ fileIds: [file.id] }))).toMatchObject(missing);
  const begun = await alice.trpc.file.begin.mutate({ chatId, name: 'a', size: 3 });
  expect(await refusal(send({ fileIds: [begun.fileId] }))).toMatchObject({ reason: 'file_not_ready' });
  await app.database.query("update files set state = 'Infected' where id = $1", [begun.fileId]);
  expect(await refusal(send({ fileIds: [begun.fileId] }))).toMatchObject({ reason: 'file_infected' });
  await app.database.query("update files set state = 'Ready', expires_at = now() where id = $1", [begun.fileId]);
  expect(await refusal(send({ fileIds: [begun.fileId] }))).toMatchObject(missing);
});

test('a cancelled upload and its send at the same moment: one of the two', async () => {
  for (let round = 0; round < 5; round++) {
    const file = await upload();
    const [cancelled, sent] = await Promise.allSettled([
      alice.trpc.file.cancel.mutate({ fileId: file.id }),
      send({ fileIds: [file.id] }),
    ]);
    expect([cancelled.status, sent.status].toSorted()).toEqual(['fulfilled', 'rejected']);
    const { status } = await download(app, bob, file.id);
    expect(status).toBe(sent.status === 'fulfilled' ? 200 : 404);
  }
});

test('no file, the same file twice and eleven files are refused', async () => {
  const ids = Array.from({ length: 11 }, () => uuidv7());
  for (const more of [{ content: '' }, { content: '', fileIds: [] }, { fileIds: ids }, { fileIds: [ids[0], ids[0]] }])
    expect(await refusal(send(more))).toMatchObject({ reason: 'invalid_input' });
  expect(await refusal(send({ content: ' ', fileIds: [(await upload()).id] }))).toMatchObject({
    reason: 'invalid_input',
  });
});

test('the files of a deleted message are deleted at once, with their keys', async () => {
  const file = await upload();
  const sent = await send({ fileIds: [file.id] });
  expect((await download(app, bob, file.id)).status).toBe(200);
  await alice.trpc.message.delete.mutate({ chatId, messageId: sent.id });
  expect((await download(app, bob, file.id)).status).toBe(404);
  expect((await download(app, alice, file.id)).status).toBe(404);
  expect(
    await app.database.query('select state, sealed_name, wrapped_key from files where id = $1', [file.id]),
  ).toEqual([{ state: 'Gone', sealed_name: null, wrapped_key: null }]);
  expect(await app.database.query('select parts from messages where id = $1', [sent.id])).toEqual([{ parts: null }]);
});
