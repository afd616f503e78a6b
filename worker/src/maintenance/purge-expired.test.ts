import { randomUUID } from 'node:crypto';
import { afterAll, expect, test } from 'vitest';
import { brokenRules } from '@fechatter/server/invariants';
import { refusal, testServer } from '@fechatter/server/testing';
import { workerDeps } from '../testing/worker-deps.ts';
import { purgeExpired } from './purge-expired.ts';

const app = await testServer({ FECHATTER_LIMITS_SENDS_PER_MINUTE: '0' });
const deps = workerDeps(app);
afterAll(async () => {
  await deps.db.close();
  await app[Symbol.asyncDispose]();
});
const { alice, bob, workspace } = await app.workspaceOf('alice', 'bob');
const workspaceId = workspace.id;
await alice.trpc.workspace.setRetention.mutate({ workspaceId, days: 30 });

const purge = (signal = AbortSignal.timeout(60_000)) => purgeExpired(deps, signal);
const newChat = async () =>
  (await alice.trpc.chat.create.mutate({ workspaceId, chatType: 'Group', name: 'c', memberIds: [bob.id] })).id;
const send = (chatId: string, content: string) => alice.trpc.message.send.mutate({ chatId, content });
/** Dates messages up to this number back by this many days. */
const age = (chatId: string, throughNumber: number, days: number) =>
  app.database.query(
    'update messages set created_at = now() - make_interval(days => $3) where chat_id = $1 and number <= $2',
    [chatId, throughNumber, days],
  );
const purgesIn = async (chatId: string) =>
  (await app.events())
    .filter((event) => event.chatId === chatId && event.kind === 'chat.purged')
    .map(({ seq, facts }) => ({ seq, ...facts }));
const bodiesIn = (chatId: string) =>
  app.database.query<{ number: number }>(
    'select number::int from messages where chat_id = $1 and body is not null order by number',
    [chatId],
  );

test('messages older than the retention lose their content, with an event up to which number', async () => {
  const chatId = await newChat();
  const sent = [];
  for (const content of ['one', 'two', 'three', 'four']) sent.push(await send(chatId, content));
  const [one, two, three, four] = sent;
  await bob.trpc.chat.markRead.mutate({ chatId, seq: three?.seq ?? 0 });
  await age(chatId, 2, 31);
  await purge();
  expect(await purgesIn(chatId)).toEqual([{ seq: 6, throughNumber: 2, throughSeq: 3 }]);
  const { messages } = await bob.trpc.message.list.query({ chatId });
  expect(messages.map(({ content }) => content)).toEqual(['four', 'three']);
  const after = await bob.trpc.message.list.query({ chatId, after: one?.id });
  expect(after.messages.map(({ id }) => id)).toEqual([four?.id, three?.id]);
  const row = await bob.trpc.chat.get.query({ chatId });
  expect(row).toMatchObject({ lastSeq: 6, lastNumber: 4, lastReadNumber: 3, unreadCount: 1 });
  const [stored] = await app.database.query('select body, version::int, deleted_at from messages where id = $1', [
    two?.id,
  ]);
  expect(stored).toEqual({ body: null, version: 6, deleted_at: expect.any(Date) });
  const edit = { chatId, messageId: two?.id ?? '', content: 'again' };
  expect(await refusal(alice.trpc.message.edit.mutate(edit))).toMatchObject({ reason: 'message_not_found' });
  await purge();
  expect(await purgesIn(chatId)).toHaveLength(1);
  await age(chatId, 4, 31);
  await purge();
  expect(await purgesIn(chatId)).toEqual([
    { seq: 6, throughNumber: 2, throughSeq: 3 },
    { seq: 7, throughNumber: 4, throughSeq: 5 },
  ]);
  expect((await bob.trpc.chat.get.query({ chatId })).lastMessage).toMatchObject({
    number: 4,
    content: '',
    deletedAt: expect.any(Date),
  });
  expect(await send(chatId, 'five')).toMatchObject({ number: 5, seq: 8 });
  expect(await brokenRules(app.database)).toEqual({});
});

test('a purge through the middle of a thread is counted in every timeline, and its event has what remains', async () => {
  const chatId = await newChat();
  const reply = (content: string, threadId: string) => alice.trpc.message.send.mutate({ chatId, content, threadId });
  const [whole, cut] = [await send(chatId, 'whole'), await send(chatId, 'cut')];
  const ofWhole = await reply('old', whole.id);
  const old = await reply('old', cut.id);
  const deleted = await reply('deleted since', cut.id);
  await send(chatId, 'old');
  const last = await reply('last old', cut.id);
  const young = await reply('young', cut.id);
  await alice.trpc.message.delete.mutate({ chatId, messageId: deleted.id });
  await send(chatId, 'young');
  await app.database.query(
    `update messages set created_at = now() - interval '31 days' where chat_id = $1 and seq <= $2`,
    [chatId, last.seq],
  );
  await purge();
  const events = (await app.events()).filter(
    (event) => event.chatId === chatId && event.seq !== null && event.seq > young.seq + 2,
  );
  expect(events).toMatchObject([
    { kind: 'chat.purged', facts: { throughNumber: 3, throughSeq: last.seq } },
    { kind: 'message.deleted', subjectId: last.id, facts: { threadId: cut.id } },
  ]);
  expect(old.seq).toBeLessThan(last.seq);
  const { messages } = await bob.trpc.message.list.query({ chatId });
  expect(messages.map(({ id, content, thread }) => [id, content, thread?.replyCount])).toEqual([
    [expect.any(String), 'young', undefined],
    [cut.id, '', 1],
  ]);
  expect(messages[1]?.thread).toMatchObject({ version: events[0]?.seq, lastNumber: 4 });
  expect((await bob.trpc.message.list.query({ chatId, threadId: cut.id })).messages).toEqual([young]);
  for (const messageId of [whole.id, ofWhole.id])
    expect(await refusal(bob.trpc.message.get.query({ chatId, messageId }))).toMatchObject({
      reason: 'message_not_found',
    });
  expect(await bob.trpc.chat.get.query({ chatId })).toMatchObject({ lastNumber: 4, unreadCount: 4 });
  await app.database.query(`update messages set created_at = now() - interval '31 days' where chat_id = $1`, [chatId]);
  await purge();
  expect((await app.events()).filter(({ kind }) => kind === 'message.deleted').at(-1)).toMatchObject({
    subjectId: young.id,
  });
  expect((await bob.trpc.message.list.query({ chatId })).messages).toEqual([]);
  expect(await brokenRules(app.database)).toEqual({});
});

test('a purge stops at a kept message, has no event for deleted ones, and null keeps everything', async () => {
  const chatId = await newChat();
  const first = await send(chatId, 'first');
  await alice.trpc.message.delete.mutate({ chatId, messageId: first.id });
  await send(chatId, 'young');
  await send(chatId, 'older, by a clock that went back');
  await age(chatId, 3, 31);
  await app.database.query('update messages set created_at = now() where chat_id = $1 and number = 2', [chatId]);
  await purge();
  expect(await purgesIn(chatId)).toEqual([]);
  expect(await bodiesIn(chatId)).toEqual([{ number: 2 }, { number: 3 }]);
  await age(chatId, 3, 31);
  await alice.trpc.workspace.setRetention.mutate({ workspaceId, days: null });
  await purge();
  expect(await bodiesIn(chatId)).toHaveLength(2);
  const changed = await alice.trpc.workspace.setRetention.mutate({ workspaceId, days: 30 });
  expect(changed).toMatchObject({ retentionDays: 30 });
  const events = (await app.events()).filter(({ kind }) => kind === 'workspace.updated');
  expect(await alice.trpc.workspace.setRetention.mutate({ workspaceId, days: 30 })).toEqual(changed);
  expect((await app.events()).filter(({ kind }) => kind === 'workspace.updated')).toEqual(events);
  await purge();
  expect(await purgesIn(chatId)).toMatchObject([{ throughNumber: 3 }]);
  const entries = (await alice.trpc.workspace.auditLog.query({ workspaceId })).entries;
  expect(entries.filter(({ action }) => action === 'workspace.retentionSet').map(({ details }) => details)).toEqual([
    { retentionDays: 30 },
    { retentionDays: null },
    { retentionDays: 30 },
  ]);
  expect(await refusal(bob.trpc.workspace.setRetention.mutate({ workspaceId, days: 1 }))).toMatchObject({
    reason: 'role_too_low',
  });
});

test('a long history is purged in batches of 500, by several processes', async () => {
  const chatId = await newChat();
  const ids = Array.from({ length: 1_234 }, () => randomUUID());
  await app.database.query(
    `select from send_batch(array_fill($1::uuid, array[$4::int]), array_fill($2::uuid, array[$4::int]), $3::uuid[], $3::uuid[],
       array_fill('\\x00'::bytea, array[$4::int]), array_fill('\\x00'::bytea, array[$4::int]), null, 'brief', 0)`,
    [chatId, alice.id, ids, ids.length],
  );
  await age(chatId, 1_200, 31);
  await Promise.all([purge(), purge(), purge()]);
  expect(await purgesIn(chatId)).toMatchObject([
    { throughNumber: 500 },
    { throughNumber: 1_000 },
    { throughNumber: 1_200 },
  ]);
  expect(await bodiesIn(chatId)).toHaveLength(34);
  expect(await brokenRules(app.database)).toEqual({});
});

test('purging races sends, edits, deletions and marks of reading', { timeout: 240_000 }, async () => {
  const chatId = await newChat();
  const sent = [];
  for (let n = 0; n < 60; n++) sent.push(await send(chatId, `message ${n}`));
  await age(chatId, 40, 31);
  const purging = [purge(), purge()];
  // In chunks: a batch of calls has a limit.
  for (let n = 0; n < sent.length; n += 10)
    await Promise.all(
      sent
        .slice(n, n + 10)
        .flatMap(({ id: messageId, seq, number }) => [
          refusal(alice.trpc.message.edit.mutate({ chatId, messageId, content: 'edited' })).catch(
            () => 'it was edited',
          ),
          ...(number % 3 === 0 ? [alice.trpc.message.delete.mutate({ chatId, messageId })] : []),
          bob.trpc.chat.markRead.mutate({ chatId, seq }),
          send(chatId, 'more'),
        ]),
    );
  await Promise.all(purging);
  expect(await brokenRules(app.database)).toEqual({});
  const left = await bodiesIn(chatId);
  expect(left[0]?.number).toBeGreaterThan(40);
  const row = await bob.trpc.chat.get.query({ chatId });
  expect(row.unreadCount).toBe(row.lastNumber - row.lastReadNumber);
  expect(row.lastNumber).toBe(120);
});

test('a deleted chat is left to the wiping, and a stopped purge continues later', async () => {
  const [gone, stays] = [await newChat(), await newChat()];
  for (const chatId of [gone, stays]) {
    await send(chatId, 'old');
    await age(chatId, 1, 31);
  }
  await alice.trpc.chat.delete.mutate({ chatId: gone });
  await purge(AbortSignal.abort());
  expect(await bodiesIn(stays)).toHaveLength(1);
  await purge();
  expect(await purgesIn(gone)).toEqual([]);
  expect(await purgesIn(stays)).toHaveLength(1);
});

test('a chat that cannot be purged does not stop others from being purged', async () => {
  const [stuck, next] = [await newChat(), await newChat()];
  for (const chatId of [stuck, next]) {
    await send(chatId, 'old');
    await age(chatId, 1, 31);
  }
  await app.database.query(`alter table event_log add constraint refuses check (chat_id <> '${stuck}') not valid`);
  await purge();
  expect([await bodiesIn(stuck), await bodiesIn(next)]).toEqual([[{ number: 1 }], []]);
  await app.database.query('alter table event_log drop constraint refuses');
  await purge();
  expect(await bodiesIn(stuck)).toEqual([]);
});
