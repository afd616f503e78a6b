import { afterAll, expect, test } from 'vitest';
import { brokenRules } from '../testing/invariants.ts';
import { refusal, testServer } from '../testing/index.ts';
import { stagedWorkspace } from '../testing/staged-workspace.ts';
import { wipeDeleted } from '../erasure/wipe-deleted-chats.ts';

const app = await testServer();
afterAll(() => app[Symbol.asyncDispose]());
const alice = await app.signUp('alice');
const bob = await app.signUp('bob');
const { id: workspaceId } = await stagedWorkspace(alice, { Member: [bob] });
const make = (chatType: 'Group' | 'PublicChannel' = 'Group', of = workspaceId) =>
  alice.trpc.chat.create.mutate({ workspaceId: of, chatType, name: 'a chat', memberIds: [bob.id] });
const wipe = (signal = AbortSignal.timeout(10_000)) => wipeDeleted(app.deps, signal);
const bodiesOf = async (chatId: string) =>
  (await app.database.query('select 1 from messages where chat_id = $1 and body is not null', [chatId])).length;

test('a new name is told, to the whole workspace where the channel is public', async () => {
  const { id: chatId } = await make('PublicChannel');
  const renamed = await alice.trpc.chat.update.mutate({ chatId, name: 'new name' });
  expect(renamed).toMatchObject({ id: chatId, name: 'new name', version: 2 });
  expect(renamed.updatedAt.getTime()).toBeGreaterThan(renamed.createdAt.getTime());
  expect((await app.events()).at(-1)).toMatchObject({
    kind: 'chat.updated',
    chatId,
    seq: 2,
    workspaceId,
    workspaceSeq: expect.any(Number),
  });
  expect(await alice.trpc.chat.update.mutate({ chatId, name: 'new name' })).toEqual(renamed);
  const group = await make();
  await alice.trpc.chat.update.mutate({ chatId: group.id, name: 'new name' });
  expect((await app.events()).at(-1)).toMatchObject({ kind: 'chat.updated', seq: 2, workspaceSeq: null });
});

test('a deleted chat is gone at once for everyone', async () => {
  for (const chatType of ['Group', 'PublicChannel'] as const) {
    const { id: chatId } = await make(chatType);
    await alice.trpc.message.send.mutate({ chatId, content: 'text' });
    await alice.trpc.chat.delete.mutate({ chatId });
    expect((await app.events()).at(-1)).toMatchObject({
      kind: 'chat.deleted',
      chatId,
      seq: 3,
      workspaceId,
      workspaceSeq: chatType === 'Group' ? null : expect.any(Number),
    });
    const calls = [alice, bob].flatMap(({ trpc }) => [
      trpc.chat.get.query({ chatId }),
      trpc.chat.members.query({ chatId }),
      trpc.message.list.query({ chatId }),
      trpc.message.send.mutate({ chatId, content: 'more' }),
      trpc.chat.join.mutate({ chatId }),
      trpc.chat.leave.mutate({ chatId }),
      trpc.chat.delete.mutate({ chatId }),
    ]);
    for (const data of await Promise.all(calls.map(refusal))) expect(data).toMatchObject({ reason: 'chat_not_found' });
    expect((await bob.trpc.chat.list.query()).chats.map(({ id }) => id)).not.toContain(chatId);
  }
});

test('a deleted workspace is gone at once with all its chats', async () => {
  const own = await stagedWorkspace(alice, { Member: [bob] });
  const { id: chatId } = await make('PublicChannel', own.id);
  await alice.trpc.workspace.delete.mutate({ workspaceId: own.id });
  const last = (await app.events()).at(-1);
  expect(last).toMatchObject({ kind: 'workspace.deleted', workspaceId: own.id, workspaceSeq: 4, chatId: null });
  expect(await refusal(bob.trpc.workspace.get.query({ workspaceId: own.id }))).toMatchObject({
    reason: 'workspace_not_found',
  });
  const calls = [
    bob.trpc.chat.get.query({ chatId }),
    bob.trpc.message.send.mutate({ chatId, content: 'more' }),
    bob.trpc.chat.markRead.mutate({ chatId, seq: 1 }),
  ];
  for (const data of await Promise.all(calls.map(refusal))) expect(data).toMatchObject({ reason: 'chat_not_found' });
  expect((await bob.trpc.chat.list.query()).chats.map(({ id }) => id)).not.toContain(chatId);
});

test('content is wiped behind, in batches that may stop and go on; what lives keeps its own', async () => {
  const own = await stagedWorkspace(alice, { Member: [bob] });
  const [gone, ofGone, kept] = [await make(), await make('Group', own.id), await make()];
  const copies = `insert into messages (id, chat_id, seq, number, version, sender_id, client_id, body, mac)
    select gen_random_uuid(), m.chat_id, m.seq + n, m.number + n, m.version + n, m.sender_id, gen_random_uuid(), m.body, m.mac
    from messages m, generate_series(1, 1200) n where m.chat_id = $1`;
  for (const { id: chatId } of [gone, ofGone, kept]) {
    await alice.trpc.message.send.mutate({ chatId, content: 'text' });
    await app.database.query(copies, [chatId]);
  }
  await alice.trpc.chat.delete.mutate({ chatId: gone.id });
  await alice.trpc.workspace.delete.mutate({ workspaceId: own.id });

  await wipe(AbortSignal.abort());
  expect(await bodiesOf(gone.id)).toBe(1201);
  await Promise.all([wipe(), wipe()]);
  expect(await bodiesOf(gone.id)).toBe(0);
  expect(await bodiesOf(ofGone.id)).toBe(0);
  expect(await bodiesOf(kept.id)).toBe(1201);
  const rows = await app.database.query('select id from messages where chat_id = $1 and deleted_at is null', [gone.id]);
  expect(rows).toEqual([]);
  const names = await app.database.query('select distinct name from chats where id = any ($1)', [[gone.id, ofGone.id]]);
  expect(names).toEqual([{ name: '' }]);
  // The copies have no events: they are not part of what must hold.
  await app.database.query('delete from messages where seq > 2');
});

test('a message that races the deletion is either in the chat before it, or refused', async () => {
  for (let round = 0; round < 5; round++) {
    const { id: chatId } = await make();
    const sends = Array.from({ length: 8 }, (_, n) => bob.trpc.message.send.mutate({ chatId, content: `${n}` }));
    const [deleted, ...sent] = await Promise.allSettled([alice.trpc.chat.delete.mutate({ chatId }), ...sends]);
    expect(deleted?.status).toBe('fulfilled');
    const events = (await app.events()).filter((event) => event.chatId === chatId);
    expect(events.at(-1)?.kind).toBe('chat.deleted');
    const done = sent.filter(({ status }) => status === 'fulfilled').length;
    expect(events.filter(({ kind }) => kind === 'message.created')).toHaveLength(done);
  }
  await wipe();
  expect(await brokenRules(app.database)).toEqual({});
});
