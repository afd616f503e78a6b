import { v7 as uuidv7 } from 'uuid';
import { expect, test } from 'vitest';
import { refusal, testServer } from '../testing/index.ts';

test('an edit changes the content, its version is the seq of its event', async () => {
  await using app = await testServer();
  const { alice, bob, chat } = await app.chatOf('alice', 'bob');
  const sent = await alice.trpc.message.send.mutate({ chatId: chat.id, content: 'first' });
  await bob.trpc.message.send.mutate({ chatId: chat.id, content: 'another' });
  const edited = await alice.trpc.message.edit.mutate({ chatId: chat.id, messageId: sent.id, content: 'second' });
  expect(edited).toEqual({ ...sent, content: 'second', version: sent.seq + 2, editedAt: expect.any(Date) });
  expect((await bob.trpc.message.list.query({ chatId: chat.id })).messages[1]).toEqual(edited);
  expect((await app.events()).at(-1)).toMatchObject({
    kind: 'message.updated',
    chatId: chat.id,
    seq: edited.version,
    subjectId: sent.id,
    facts: {},
  });
  const [row] = await app.database.query<{ body: Buffer }>('select body from messages where id = $1', [sent.id]);
  expect(row?.body.includes('second')).toBe(false);
});

test('the same content again changes nothing', async () => {
  await using app = await testServer();
  const { alice, chat } = await app.chatOf('alice', 'bob');
  const sent = await alice.trpc.message.send.mutate({ chatId: chat.id, content: 'first' });
  expect(await alice.trpc.message.edit.mutate({ chatId: chat.id, messageId: sent.id, content: 'first' })).toEqual(sent);
  expect((await app.events()).at(-1)).toMatchObject({ kind: 'message.created' });
});

test('the sender alone edits, as long as they are in the chat', async () => {
  await using app = await testServer();
  const { alice, bob, carol, workspace } = await app.workspaceOf('alice', 'bob', 'carol');
  const stranger = await app.signUp('stranger');
  const chat = await alice.trpc.chat.create.mutate({
    name: 'c',
    chatType: 'PublicChannel',
    workspaceId: workspace.id,
    memberIds: [bob.id],
  });
  const { id: messageId } = await bob.trpc.message.send.mutate({ chatId: chat.id, content: 'first' });
  const reason = async ({ trpc }: { trpc: typeof bob.trpc }, id = messageId) =>
    (await refusal(trpc.message.edit.mutate({ chatId: chat.id, messageId: id, content: 'second' })))?.reason;
  expect(await reason({ trpc: app.anonymous })).toBe('not_signed_in');
  expect(await reason(stranger)).toBe('chat_not_found');
  expect(await reason(carol)).toBe('not_a_member');
  expect(await reason(alice)).toBe('not_the_sender');
  expect(await reason(bob, uuidv7())).toBe('message_not_found');
  await bob.trpc.chat.leave.mutate({ chatId: chat.id });
  expect(await reason(bob)).toBe('not_a_member');
  await workspaceRole(alice, bob, workspace.id);
  expect(await reason(bob)).toBe('not_a_member');
  expect((await alice.trpc.message.list.query({ chatId: chat.id })).messages[0]).toMatchObject({
    content: 'first',
    editedAt: null,
  });
});

test('a message is found in its own chat alone, and not when it is deleted', async () => {
  await using app = await testServer();
  const { alice, chat, workspace } = await app.chatOf('alice', 'bob');
  const other = await alice.trpc.chat.create.mutate({
    name: 'b',
    chatType: 'Group',
    workspaceId: workspace.id,
    memberIds: [],
  });
  const { id: messageId } = await alice.trpc.message.send.mutate({ chatId: chat.id, content: 'first' });
  const edit = (chatId: string) => refusal(alice.trpc.message.edit.mutate({ chatId, messageId, content: 'second' }));
  expect(await edit(other.id)).toMatchObject({ reason: 'message_not_found' });
  await alice.trpc.message.delete.mutate({ chatId: chat.id, messageId });
  expect(await edit(chat.id)).toMatchObject({ reason: 'message_not_found' });
});

test('concurrent edits are applied one after the other, and the last one remains', async () => {
  await using app = await testServer();
  const { alice, chat } = await app.chatOf('alice', 'bob');
  const { id: messageId, seq } = await alice.trpc.message.send.mutate({ chatId: chat.id, content: 'first' });
  const edits = await Promise.all(
    ['a', 'b', 'c', 'd'].map((content) => alice.trpc.message.edit.mutate({ chatId: chat.id, messageId, content })),
  );
  expect(edits.map(({ version }) => version).sort((a, b) => a - b)).toEqual([1, 2, 3, 4].map((n) => seq + n));
  const last = edits.reduce((a, b) => (a.version > b.version ? a : b));
  expect((await alice.trpc.message.list.query({ chatId: chat.id })).messages).toEqual([last]);
});

test('a concurrent edit and deletion leave the message deleted', async () => {
  await using app = await testServer();
  const { alice, chat } = await app.chatOf('alice', 'bob');
  for (let round = 0; round < 10; round++) {
    const { id: messageId } = await alice.trpc.message.send.mutate({ chatId: chat.id, content: 'first' });
    const ref = { chatId: chat.id, messageId };
    const editing = alice.trpc.message.edit.mutate({ ...ref, content: 'second' }).then(
      ({ content }) => content,
      (error: { data?: { reason?: string } }) => error.data?.reason,
    );
    await alice.trpc.message.delete.mutate(ref);
    expect(['second', 'message_not_found']).toContain(await editing);
    const [row] = await app.database.query(
      'select body, deleted_at is not null as deleted from messages where id = $1',
      [messageId],
    );
    expect(row).toEqual({ body: null, deleted: true });
  }
  expect((await alice.trpc.message.list.query({ chatId: chat.id })).messages).toEqual([]);
  const seqs = (await app.events())
    .filter(({ chatId, seq }) => chatId === chat.id && seq !== null)
    .map(({ seq }) => seq);
  expect(seqs).toEqual(seqs.map((_, index) => index + 1));
});

type Someone = Awaited<ReturnType<Awaited<ReturnType<typeof testServer>>['signUp']>>;

async function workspaceRole(owner: Someone, { id: userId }: Someone, workspaceId: string): Promise<void> {
  await owner.trpc.workspace.setRole.mutate({ workspaceId, userId, role: 'Admin' });
}
