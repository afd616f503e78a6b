import { limits } from '@fechatter/contract';
import { v7 as uuidv7 } from 'uuid';
import { expect, test } from 'vitest';
import { refusal, signedIn, testServer } from '../testing/index.ts';

test('the clientId is on the message for everyone, in each response, whether it was given or not', async () => {
  await using app = await testServer();
  const { alice, bob, chat } = await app.chatOf('alice', 'bob');
  const input = { chatId: chat.id, clientId: uuidv7(), content: 'hello' };
  expect(await alice.trpc.message.send.mutate(input)).toMatchObject({ clientId: input.clientId });
  const again = await alice.trpc.message.send.mutate(input);
  expect(again).toMatchObject({ clientId: input.clientId });
  const edited = { chatId: chat.id, messageId: again.id, content: 'hello again' };
  expect(await alice.trpc.message.edit.mutate(edited)).toMatchObject({ clientId: input.clientId });
  const other = await alice.trpc.message.send.mutate({ chatId: chat.id, content: 'without' });
  const { messages } = await bob.trpc.message.list.query({ chatId: chat.id });
  expect(messages.map(({ clientId }) => clientId)).toEqual([other.clientId, input.clientId]);
});

test('a message is returned as its readers see it, and is an event for the members', async () => {
  await using app = await testServer();
  const { alice, bob, chat } = await app.chatOf('alice', 'bob');
  const first = await alice.trpc.message.send.mutate({ chatId: chat.id, content: 'hello' });
  const second = await bob.trpc.message.send.mutate({ chatId: chat.id, content: 'hi' });
  expect(first).toMatchObject({ number: 1, content: 'hello', editedAt: null, deletedAt: null, chatId: chat.id });
  expect(first.sender).toEqual({ id: alice.id, kind: 'Person', name: 'alice', avatarUrl: null });
  expect(first.version).toBe(first.seq);
  expect(second).toMatchObject({ number: 2, seq: first.seq + 1, sender: { id: bob.id } });
  expect(Math.abs(Date.now() - first.createdAt.getTime())).toBeLessThan(60_000);
  expect((await app.events()).slice(-2)).toMatchObject([
    { kind: 'message.created', chatId: chat.id, seq: first.seq, subjectId: first.id, facts: {} },
    { kind: 'message.created', chatId: chat.id, seq: second.seq, subjectId: second.id, facts: {} },
  ]);
});

test('a whole batch keeps the order of its caller, without gaps', async () => {
  await using app = await testServer();
  const { alice, chat } = await app.chatOf('alice', 'bob');
  const contents = Array.from({ length: limits.batchMaxCalls }, (_, n) => `message ${n}`);
  const sent = await Promise.all(
    contents.map((content) => alice.trpc.message.send.mutate({ chatId: chat.id, content })),
  );
  expect(sent.map(({ number }) => number)).toEqual(contents.map((_, index) => index + 1));
  expect(sent.map(({ seq }) => seq)).toEqual(contents.map((_, index) => (sent[0]?.seq ?? 0) + index));
  expect(sent.map(({ content }) => content)).toEqual(contents);
});

test('content is stored as sent and never in clear', async () => {
  await using app = await testServer();
  const { alice, chat } = await app.chatOf('alice', 'bob');
  const contents = [
    'a',
    'x'.repeat(8_000),
    '😀'.repeat(4_000),
    ' \t\nedges \n',
    '\u202Eright to left\u202C e\u0301 \uFEFF',
    '\\x00 {"}',
  ];
  for (const content of contents)
    expect((await alice.trpc.message.send.mutate({ chatId: chat.id, content })).content).toBe(content);
  const { messages } = await alice.trpc.message.list.query({ chatId: chat.id });
  expect(messages.map(({ content }) => content)).toEqual(contents.toReversed());
  const rows = await app.database.query<{ row: string; body: Buffer }>('select m::text as row, body from messages m');
  for (const { row, body } of rows) {
    expect(row).not.toContain('right to left');
    expect(body.includes('right to left')).toBe(false);
  }
  const events = await app.database.query<{ row: string }>('select e::text as row from event_log e');
  expect(events.some(({ row }) => row.includes('right'))).toBe(false);
});

test('content that is not well-formed, visible text of 1 to 8,000 code units is refused', async () => {
  await using app = await testServer();
  const { alice, chat } = await app.chatOf('alice', 'bob');
  const tooLong = ['x'.repeat(8_001), '😀'.repeat(4_001)];
  for (const content of ['', ' \t\n\u00A0\u2003\uFEFF', 'a\0b', 'a\uD83D', '\uDE00a', ...tooLong])
    expect(await refusal(alice.trpc.message.send.mutate({ chatId: chat.id, content }))).toMatchObject({
      code: 'BAD_REQUEST',
      reason: 'invalid_input',
      issues: expect.arrayContaining([expect.objectContaining({ path: ['content'] })]),
    });
});

test('a refused sender learns no more than they may see', async () => {
  await using app = await testServer();
  const { alice, bob, carol, workspace } = await app.workspaceOf('alice', 'bob', 'carol');
  const stranger = await app.signUp('stranger');
  const create = (chatType: 'Group' | 'PublicChannel', memberIds: string[]) =>
    alice.trpc.chat.create.mutate({ name: 'a chat', chatType, workspaceId: workspace.id, memberIds });
  const group = await create('Group', [bob.id]);
  const channel = await create('PublicChannel', [bob.id]);
  await bob.trpc.chat.leave.mutate({ chatId: group.id });
  const reasonFor = async (person: { trpc: typeof alice.trpc }, chatId: string, content = 'hi') =>
    (await refusal(person.trpc.message.send.mutate({ chatId, content })))?.reason;
  expect(await reasonFor({ trpc: app.anonymous }, group.id)).toBe('not_signed_in');
  expect(await reasonFor(stranger, group.id)).toBe('chat_not_found');
  expect(await reasonFor(stranger, channel.id)).toBe('chat_not_found');
  expect(await reasonFor(stranger, group.id, '')).toBe('chat_not_found');
  expect(await reasonFor(bob, group.id)).toBe('chat_not_found');
  expect(await reasonFor(carol, group.id)).toBe('chat_not_found');
  expect(await reasonFor(carol, channel.id)).toBe('not_a_member');
  expect(await reasonFor(carol, channel.id, '')).toBe('not_a_member');
  expect(await reasonFor(alice, uuidv7())).toBe('chat_not_found');
  await alice.trpc.chat.delete.mutate({ chatId: channel.id });
  expect(await reasonFor(alice, channel.id)).toBe('chat_not_found');
  expect(await reasonFor(carol, channel.id)).toBe('chat_not_found');
  expect((await app.events()).filter(({ kind }) => kind === 'message.created')).toEqual([]);
});

test('sending to a person who has left the workspace is refused', async () => {
  await using app = await testServer();
  const { alice, bob, workspace } = await app.workspaceOf('alice', 'bob');
  const single = { name: 'x', chatType: 'Single' as const, workspaceId: workspace.id, memberIds: [bob.id] };
  const chat = await alice.trpc.chat.create.mutate(single);
  const sent = { chatId: chat.id, content: 'hi', clientId: uuidv7() };
  const first = await alice.trpc.message.send.mutate(sent);
  await bob.trpc.workspace.leave.mutate({ workspaceId: workspace.id });
  expect(await refusal(alice.trpc.message.send.mutate({ ...sent, clientId: uuidv7() }))).toMatchObject({
    code: 'FORBIDDEN',
    reason: 'member_gone',
  });
  expect(await alice.trpc.message.send.mutate(sent)).toEqual(first);
  expect(await refusal(bob.trpc.message.send.mutate(sent))).toMatchObject({ reason: 'chat_not_found' });
});

test('sending reads the chat for its sender', async () => {
  await using app = await testServer();
  const { alice, bob, chat } = await app.chatOf('alice', 'bob');
  for (const content of ['one', 'two', 'three']) await alice.trpc.message.send.mutate({ chatId: chat.id, content });
  expect(await bob.trpc.chat.get.query({ chatId: chat.id })).toMatchObject({ unreadCount: 3, lastNumber: 3 });
  const { seq, number } = await bob.trpc.message.send.mutate({ chatId: chat.id, content: 'four' });
  expect(await bob.trpc.chat.get.query({ chatId: chat.id })).toMatchObject({
    unreadCount: 0,
    lastReadSeq: seq,
    lastReadNumber: number,
  });
  expect(await alice.trpc.chat.get.query({ chatId: chat.id })).toMatchObject({ unreadCount: 1, lastReadNumber: 3 });
});

test('over the limit of a minute nothing is sent, and headers have the number left', async () => {
  await using app = await testServer({ FECHATTER_LIMITS_SENDS_PER_MINUTE: '5' });
  const { alice, bob, chat } = await app.chatOf('alice', 'bob');
  await expect
    .poll(async () => Number((await app.database.query<{ s: string }>(`select extract(second from now()) as s`))[0]?.s))
    .toBeLessThan(50);
  const send = (person: typeof alice, content: string, clientId = uuidv7(), chatId = chat.id) =>
    fetch(`${app.url}/trpc/message.send`, {
      method: 'POST',
      headers: { authorization: `Bearer ${person.session.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ json: { chatId, content, clientId } }),
    });
  const limit = ({ headers }: Response) => [headers.get('ratelimit-limit'), headers.get('ratelimit-remaining')];
  const repeated = uuidv7();
  expect(limit(await send(alice, 'first', repeated))).toEqual(['5', '4']);
  expect(limit(await send(alice, 'first', repeated))).toEqual(['5', '4']);
  expect(limit(await send(alice, 'nowhere', uuidv7(), uuidv7()))).toEqual(['5', '4']);
  for (const left of ['3', '2', '1', '0']) expect(limit(await send(alice, 'more'))).toEqual(['5', left]);
  const refused = await send(alice, 'too much');
  expect(refused.status).toBe(429);
  expect(limit(refused)).toEqual(['5', '0']);
  const seconds = Number(refused.headers.get('retry-after'));
  expect(seconds).toBeGreaterThan(0);
  expect(seconds).toBeLessThanOrEqual(60);
  expect(refused.headers.get('ratelimit-reset')).toBe(String(seconds));
  expect(await refusal(alice.trpc.message.send.mutate({ chatId: chat.id, content: 'more' }))).toMatchObject({
    reason: 'rate_limited',
    retryAfterMs: expect.any(Number),
  });
  expect(limit(await send(bob, 'another person'))).toEqual(['5', '4']);
  const [count] = await app.database.query<{ count: number }>('select count(*)::int as count from messages');
  expect(count).toEqual({ count: 6 });
});

test('while a head is locked its callers get `busy` after 2 s, and all others a response', async () => {
  await using app = await testServer();
  const { alice, bob, chat, workspace } = await app.chatOf('alice', 'bob');
  const free = await alice.trpc.chat.create.mutate({
    name: 'free',
    chatType: 'Group',
    workspaceId: workspace.id,
    memberIds: [bob.id],
  });
  const holder = await app.db.pool.connect();
  await holder.query('begin');
  await holder.query('select 1 from chat_heads where chat_id = $1 for no key update', [chat.id]);
  const held = refusal(alice.trpc.message.send.mutate({ chatId: chat.id, content: 'held' }));
  const sends = Array.from({ length: 20 }, () => bob.trpc.message.send.mutate({ chatId: free.id, content: 'free' }));
  expect(await Promise.race([held.then(() => 'held first'), Promise.all(sends).then(() => 'free first')])).toBe(
    'free first',
  );
  expect(await held).toMatchObject({ code: 'SERVICE_UNAVAILABLE', reason: 'busy', retryAfterMs: expect.any(Number) });
  await holder.query('rollback');
  holder.release();
  expect(await alice.trpc.message.send.mutate({ chatId: chat.id, content: 'now' })).toMatchObject({ number: 1 });
});

test('a client of another server is the same person there', async () => {
  await using app = await testServer();
  const { alice, chat } = await app.chatOf('alice', 'bob');
  const other = signedIn((await app.another()).url, alice.session);
  const both = await Promise.all(
    Array.from({ length: 40 }, (_, n) =>
      (n % 2 === 0 ? alice.trpc : other).message.send.mutate({ chatId: chat.id, content: `message ${n}` }),
    ),
  );
  expect(both.map(({ number }) => number).sort((a, b) => a - b)).toEqual(both.map((_, index) => index + 1));
});
