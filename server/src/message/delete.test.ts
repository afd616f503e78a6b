import { v7 as uuidv7 } from 'uuid';
import { expect, test } from 'vitest';
import { type Client, refusal, testServer, someBytes, uploaded } from '../testing/index.ts';

test('a deleted message keeps its number without content, and is one event', async () => {
  await using app = await testServer();
  const { alice, bob, chat } = await app.chatOf('alice', 'bob');
  const sent = await bob.trpc.message.send.mutate({ chatId: chat.id, content: 'regretted' });
  const ref = { chatId: chat.id, messageId: sent.id };
  expect(await bob.trpc.message.delete.mutate(ref)).toBeUndefined();
  expect(await bob.trpc.message.delete.mutate(ref)).toBeUndefined();
  const [row] = await app.database.query('select body, version::int, deleted_at from messages where id = $1', [
    sent.id,
  ]);
  expect(row).toEqual({ body: null, version: sent.seq + 1, deleted_at: expect.any(Date) });
  const events = (await app.events()).filter(({ kind }) => kind?.startsWith('message.'));
  expect(events).toMatchObject([
    { kind: 'message.created', seq: sent.seq },
    { kind: 'message.deleted', chatId: chat.id, seq: sent.seq + 1, subjectId: sent.id },
  ]);
  expect(await alice.trpc.chat.get.query({ chatId: chat.id })).toMatchObject({
    lastMessage: { id: sent.id, content: '', deletedAt: expect.any(Date) },
    lastNumber: 1,
  });
});

test('Admins and Owners of a chat delete what others sent, Members do not', async () => {
  await using app = await testServer();
  const { alice, bob, carol, chat } = await app.chatOf('alice', 'bob', 'carol');
  const send = async () => (await bob.trpc.message.send.mutate({ chatId: chat.id, content: 'hi' })).id;
  const remove = (trpc: Client, messageId: string) => trpc.message.delete.mutate({ chatId: chat.id, messageId });
  const [first, second] = [await send(), await send()];
  expect(await refusal(remove(carol.trpc, first))).toMatchObject({ code: 'FORBIDDEN', reason: 'role_too_low' });
  await alice.trpc.chat.setRole.mutate({ chatId: chat.id, userId: carol.id, role: 'Admin' });
  await remove(carol.trpc, first);
  await remove(alice.trpc, second);
  expect((await alice.trpc.message.list.query({ chatId: chat.id })).messages).toEqual([]);
});

test('the audit log names the files of a message that somebody else has deleted', async () => {
  await using app = await testServer();
  const { alice, bob, chat } = await app.chatOf('alice', 'bob');
  const [one, two] = [
    await uploaded(app, bob, { chatId: chat.id, bytes: someBytes(3) }),
    await uploaded(app, bob, { chatId: chat.id, bytes: someBytes(0) }),
  ];
  const fileIds = [two.id, one.id];
  const { id: messageId } = await bob.trpc.message.send.mutate({ chatId: chat.id, content: '', fileIds });
  await alice.trpc.message.delete.mutate({ chatId: chat.id, messageId });
  const { entries } = await alice.trpc.workspace.auditLog.query({ workspaceId: chat.workspaceId });
  expect(entries[0]).toMatchObject({
    action: 'message.deleted',
    actorId: alice.id,
    userId: bob.id,
    details: { chatId: chat.id, messageId, fileIds },
  });
});

test('in a public channel roles of the workspace count too, elsewhere they do not', async () => {
  await using app = await testServer();
  const { alice, bob, carol, workspace } = await app.workspaceOf('alice', 'bob', 'carol');
  const create = (chatType: 'PrivateChannel' | 'PublicChannel') =>
    bob.trpc.chat.create.mutate({ name: 'c', chatType, workspaceId: workspace.id, memberIds: [] });
  const [open, closed] = [await create('PublicChannel'), await create('PrivateChannel')];
  const [inOpen, inClosed] = await Promise.all(
    [open, closed].map(async ({ id: chatId }) => {
      const { id } = await bob.trpc.message.send.mutate({ chatId, content: 'hi' });
      return { chatId, messageId: id };
    }),
  );
  if (inOpen === undefined || inClosed === undefined) throw new Error('two were sent');
  expect(await refusal(carol.trpc.message.delete.mutate(inOpen))).toMatchObject({ reason: 'not_a_member' });
  expect(await refusal(alice.trpc.message.delete.mutate(inClosed))).toMatchObject({ reason: 'chat_not_found' });
  await alice.trpc.message.delete.mutate(inOpen);
  expect((await carol.trpc.message.list.query({ chatId: open.id })).messages).toEqual([]);
});

test('a message does not exist for a caller who cannot see it', async () => {
  await using app = await testServer();
  const { alice, bob, carol, chat } = await app.chatOf('alice', 'bob', 'carol');
  const stranger = await app.signUp('stranger');
  const { id: messageId } = await alice.trpc.message.send.mutate({ chatId: chat.id, content: 'hi' });
  const reason = async (trpc: Client, id = messageId) =>
    (await refusal(trpc.message.delete.mutate({ chatId: chat.id, messageId: id })))?.reason;
  expect(await reason(app.anonymous)).toBe('not_signed_in');
  expect(await reason(stranger.trpc)).toBe('chat_not_found');
  expect(await reason(alice.trpc, uuidv7())).toBe('message_not_found');
  await bob.trpc.chat.leave.mutate({ chatId: chat.id });
  expect(await reason(bob.trpc)).toBe('chat_not_found');
  await alice.trpc.message.delete.mutate({ chatId: chat.id, messageId });
  expect(await reason(carol.trpc)).toBe('message_not_found');
});

test('the sender and the Owner deleting at once are one deletion', async () => {
  await using app = await testServer();
  const { alice, bob, chat } = await app.chatOf('alice', 'bob');
  const { id: messageId } = await bob.trpc.message.send.mutate({ chatId: chat.id, content: 'hi' });
  await Promise.all(
    [alice, bob, alice, bob].map(({ trpc }) => trpc.message.delete.mutate({ chatId: chat.id, messageId })),
  );
  expect((await app.events()).filter(({ kind }) => kind === 'message.deleted')).toHaveLength(1);
});
