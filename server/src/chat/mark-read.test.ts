import { until } from '@fechatter/testing/until';
import { randomUUID } from 'node:crypto';
import { afterAll, expect, test } from 'vitest';
import { brokenRules } from '../testing/invariants.ts';
import { refusal, testServer, publishedSignals } from '../testing/index.ts';

const app = await testServer();
afterAll(() => app[Symbol.asyncDispose]());
const { alice, bob, workspace } = await app.workspaceOf('alice', 'bob');
const stage = async () => {
  const { id } = await alice.trpc.chat.create.mutate({
    workspaceId: workspace.id,
    chatType: 'Group',
    name: 'a chat',
    memberIds: [bob.id],
  });
  return id;
};
const send = (who: typeof alice, chatId: string, content: string) => who.trpc.message.send.mutate({ chatId, content });
const readsIn = async (chatId: string) =>
  (await app.events()).filter((event) => event.kind === 'chat.read' && event.chatId === chatId);

test('a mark moves forward only, and counts messages, not events', async () => {
  const chatId = await stage();
  const first = await send(alice, chatId, 'one');
  await alice.trpc.chat.update.mutate({ chatId, name: 'between' });
  const second = await send(alice, chatId, 'two');
  const mark = (seq: number) => bob.trpc.chat.markRead.mutate({ chatId, seq });
  expect(await mark(first.seq)).toEqual({
    unreadCount: 1,
    lastReadSeq: 2,
    lastReadNumber: 1,
    markVersion: 1,
    markSeq: second.seq,
    mentionNumbers: [],
  });
  expect(await mark(first.seq + 1)).toMatchObject({
    unreadCount: 1,
    lastReadSeq: 3,
    lastReadNumber: 1,
    markVersion: 2,
  });
  expect(await mark(0)).toMatchObject({ unreadCount: 1, lastReadSeq: 3, lastReadNumber: 1, markVersion: 2 });
  expect(await mark(Number.MAX_SAFE_INTEGER)).toMatchObject({
    unreadCount: 0,
    lastReadSeq: second.seq,
    lastReadNumber: 2,
    markVersion: 3,
  });
  expect(await bob.trpc.chat.get.query({ chatId })).toMatchObject({
    unreadCount: 0,
    lastReadSeq: 4,
    lastReadNumber: 2,
  });
  expect(await readsIn(chatId)).toMatchObject([
    { userId: bob.id, seq: null, workspaceSeq: null },
    { userId: bob.id },
    { userId: bob.id },
  ]);
});

test('a mark by number is the mark at the seq of that message, whatever lies between', async () => {
  const chatId = await stage();
  const seqs: number[] = [];
  for (let number = 1; number <= 12; number += 1) {
    for (let change = 0; change < number % 4; change += 1)
      await alice.trpc.chat.update.mutate({ chatId, name: `${number}.${change}` });
    seqs.push((await send(alice, chatId, `${number}`)).seq);
  }
  await alice.trpc.chat.update.mutate({ chatId, name: 'no message' });
  const mark = (number: number) => bob.trpc.chat.markRead.mutate({ chatId, number });
  for (const number of [1, 3, 4, 7, 8, 11])
    expect(await mark(number)).toMatchObject({
      unreadCount: 12 - number,
      lastReadSeq: seqs[number - 1],
      lastReadNumber: number,
    });
  expect(await mark(2)).toMatchObject({ lastReadNumber: 11 });
  expect(await mark(0)).toMatchObject({ lastReadNumber: 11 });
  expect(await mark(Number.MAX_SAFE_INTEGER)).toMatchObject({
    unreadCount: 0,
    lastReadSeq: seqs[11],
    lastReadNumber: 12,
  });
  // An event that is not a message needs no new mark.
  expect(await readsIn(chatId)).toHaveLength(7);
  await mark(12);
  expect(await readsIn(chatId)).toHaveLength(7);
  expect(await brokenRules(app.database)).toEqual({});
});

test('a chat without messages can be marked by number', async () => {
  const chatId = await stage();
  expect(await bob.trpc.chat.markRead.mutate({ chatId, number: 5 })).toMatchObject({
    unreadCount: 0,
    lastReadNumber: 0,
  });
});

test('a mark needs a seq or a number', async () => {
  const chatId = await stage();
  for (const upTo of [{}, { seq: 1, number: 1 }])
    expect(await refusal(bob.trpc.chat.markRead.mutate({ chatId, ...upTo }))).toMatchObject({
      reason: 'invalid_input',
    });
});

test('only integers from 0 are valid marks', async () => {
  const chatId = await stage();
  for (const seq of [-1, 1.5, Number.NaN, 2 ** 53])
    for (const upTo of [{ seq }, { number: seq }])
      expect(await refusal(bob.trpc.chat.markRead.mutate({ chatId, ...upTo }))).toMatchObject({
        reason: 'invalid_input',
      });
});

test('a Single chat whose other person has left can still be marked as read', async () => {
  const input = { workspaceId: workspace.id, chatType: 'Single', name: 'n' } as const;
  const carol = await app.signUp('carol');
  const { token } = await alice.trpc.workspace.invite.mutate({ workspaceId: workspace.id, role: 'Member' });
  await carol.trpc.workspace.acceptInvite.mutate({ token });
  const { id: chatId } = await bob.trpc.chat.create.mutate({ ...input, memberIds: [carol.id] });
  await send(carol, chatId, 'bye');
  await carol.trpc.workspace.leave.mutate({ workspaceId: workspace.id });
  expect(await bob.trpc.chat.markRead.mutate({ chatId, seq: 2 })).toMatchObject({ unreadCount: 0 });
  expect(await refusal(carol.trpc.chat.markRead.mutate({ chatId, seq: 2 }))).toMatchObject({
    reason: 'chat_not_found',
  });
});

test('marks from several devices race with messages: the mark never moves back and the unread count is never wrong', async () => {
  const chatId = await stage();
  const marked: number[] = [];
  await Promise.all([
    ...Array.from({ length: 10 }, (_, n) => send(alice, chatId, `from alice ${n}`)),
    ...Array.from({ length: 3 }, (_, n) => send(bob, chatId, `from bob ${n}`)),
    ...Array.from({ length: 12 }, async (_, n) => {
      const response = await bob.trpc.chat.markRead.mutate({ chatId, seq: n });
      expect(response.unreadCount).toBeGreaterThanOrEqual(0);
      marked.push(response.lastReadSeq);
      expect(response.lastReadSeq).toBeGreaterThanOrEqual(Math.min(n, 1));
    }),
  ]);
  expect(marked).toHaveLength(12);
  const last = await bob.trpc.chat.markRead.mutate({ chatId, seq: 14 });
  expect(last).toMatchObject({ unreadCount: 0, lastReadSeq: 14, lastReadNumber: 13 });
  expect(await readsIn(chatId)).toHaveLength(last.markVersion);
  expect(await brokenRules(app.database)).toEqual({});
});

test('a mark that moves sends a signal to the other members, in chats of up to 50', async () => {
  await using published = await publishedSignals(app.database);
  const [small, large] = [await stage(), await stage()];
  for (const chatId of [small, large]) await send(alice, chatId, 'one');
  const more = Array.from({ length: 48 }, () => randomUUID());
  const fill = (ids: readonly string[]) =>
    app.database.query(
      `with p as (insert into users (id, email, full_name, password_hash) select i, i, 'x', '-' from unnest($1::uuid[]) i returning id)
       insert into chat_members (chat_id, user_id, role, joined_seq, last_read_seq, last_read_number)
       select $2, id, 'Member', 1, 1, 0 from p`,
      [ids, large],
    );
  await fill(more);
  const mark = (who: typeof bob, chatId: string, seq: number) => who.trpc.chat.markRead.mutate({ chatId, seq });
  await mark(bob, large, 2);
  await mark(bob, small, 1);
  await mark(bob, small, 2);
  await mark(bob, small, 2);
  await mark(bob, small, 1);
  await fill([randomUUID()]);
  await send(alice, large, 'two');
  await mark(bob, large, 3);
  await send(bob, small, 'by sending');
  await mark(alice, small, 3);
  const numbersOf = (who: typeof bob, chatId: string) =>
    published.signals.flatMap((s) =>
      s.kind === 'seen' && s.userId === who.id && s.chatId === chatId ? [s.lastReadNumber] : [],
    );
  await until(() => numbersOf(alice, small).length > 0, 'the last one');
  expect(numbersOf(alice, small)).toEqual([2]);
  expect(numbersOf(bob, small).at(-1)).toBe(1);
  // 50 members received a signal, 51 did not.
  expect(numbersOf(bob, large)).toEqual([1]);
});

test('frequent marks send signals only up to the limit, and all take effect', async () => {
  const slow = await app.another({ FECHATTER_LIMITS_SIGNALS_PER_MINUTE: '3' });
  const { signals } = slow.deps;
  const chatId = await stage();
  const caller = slow.client({ authorization: `Bearer ${bob.session.token}` });
  for (let number = 1; number <= 6; number++) {
    const { seq } = await send(alice, chatId, `message ${number}`);
    expect(await caller.chat.markRead.mutate({ chatId, seq })).toMatchObject({ lastReadNumber: number });
  }
  // However many there are, no sender receives them, and they cost others none of their own.
  const flood = 10_000;
  for (let number = 1; number <= flood; number++)
    signals.publish({ kind: 'seen', chatId, userId: bob.id, lastReadNumber: number });
  signals.publish({ kind: 'seen', chatId, userId: alice.id, lastReadNumber: 6 });
  await until(() => signals.counts.limited >= 3 + flood, 'what is too much is dropped');
  await signals.close();
  expect(signals.counts).toMatchObject({ limited: 3 + flood, dropped: 0, failed: 0 });
  expect(signals.counts.sent + signals.counts.superseded).toBe(3 + 1);
});
