import type { ChatSignal } from '@fechatter/contract';
import { until } from '@fechatter/testing/until';
import { randomUUID } from 'node:crypto';
import { afterAll, expect, test } from 'vitest';
import { createBudgets } from '../limits/budgets.ts';
import { createSignals } from '../signals/signals.ts';
import { refusal, testServer, publishedSignals } from '../testing/index.ts';

const app = await testServer();
afterAll(() => app[Symbol.asyncDispose]());
const { alice, bob, workspace } = await app.workspaceOf('alice', 'bob');
const chatOf = async (chatType: 'Group' | 'PublicChannel' = 'Group') => {
  const { id } = await alice.trpc.chat.create.mutate({
    workspaceId: workspace.id,
    chatType,
    name: 'a chat',
    memberIds: chatType === 'Group' ? [bob.id] : [],
  });
  return id;
};
const typing = (chatId: string, userId: string, isTyping = true, threadId: string | null = null): ChatSignal => ({
  kind: 'typing',
  chatId,
  userId,
  threadId,
  isTyping,
});
/** The signals about a test's chats; after the last one no more come. */
const signalsIn = async (published: { signals: readonly ChatSignal[] }, chatIds: readonly string[]) => {
  const fence = await chatOf();
  await bob.trpc.chat.setTyping.mutate({ chatId: fence });
  await until(() => published.signals.some((s) => s.kind === 'typing' && s.chatId === fence), 'the fence');
  return published.signals.filter((s) => s.kind === 'typing' && chatIds.includes(s.chatId));
};

test('the other members receive signals when a person starts and stops typing, in a chat or a thread', async () => {
  await using published = await publishedSignals(app.database);
  const chatId = await chatOf();
  const { id: threadId } = await bob.trpc.message.send.mutate({ chatId, content: 'a root' });
  await alice.trpc.chat.setTyping.mutate({ chatId });
  await until(() => published.signals.length === 1, 'the first');
  await alice.trpc.chat.setTyping.mutate({ chatId, threadId });
  await until(() => published.signals.length === 2, 'the second');
  await alice.trpc.chat.setTyping.mutate({ chatId, threadId, isTyping: false });
  expect(await signalsIn(published, [chatId])).toEqual([
    typing(chatId, alice.id),
    typing(chatId, alice.id, true, threadId),
    typing(chatId, alice.id, false, threadId),
  ]);
});

test('a signal repeated within three seconds is dropped, but a stop after a start is not', async () => {
  let nowMs = 5_000;
  const budgets = createBudgets({ ...app.deps.config.limits, signalsPerMinute: 0 }, () => nowMs);
  const signals = createSignals({ pool: app.deps.db.pool, budgets, nowMs: () => nowMs });
  const [chatId, other, userId] = [randomUUID(), randomUUID(), randomUUID()];
  const publish = (...typed: ChatSignal[]) => {
    for (const signal of typed) signals.publishCounted(signal);
    return signals.counts.thinned;
  };
  expect(publish(typing(chatId, userId), typing(other, userId), typing(chatId, randomUUID()))).toBe(0);
  expect(publish(typing(chatId, userId), typing(chatId, userId, true, randomUUID()))).toBe(1);
  expect(publish(typing(chatId, userId, false), typing(chatId, userId, false))).toBe(2);
  nowMs += 2_999;
  expect(publish(typing(chatId, userId))).toBe(3);
  nowMs += 1;
  expect(publish(typing(chatId, userId))).toBe(3);
  await signals.close();
  expect(signals.counts).toMatchObject({ dropped: 0, failed: 0, limited: 0 });
});

test('chats of more than a hundred members get no typing signals', async () => {
  await using published = await publishedSignals(app.database);
  const [small, large] = [await chatOf(), await chatOf()];
  const fill = (chatId: string, count: number) =>
    app.database.query(
      `with p as (insert into users (id, email, full_name, password_hash)
         select i, i, 'x', '-' from (select gen_random_uuid() as i from generate_series(1, $2::int)) n returning id)
       insert into chat_members (chat_id, user_id, role, joined_seq, last_read_seq, last_read_number)
       select $1, id, 'Member', 1, 1, 0 from p`,
      [chatId, count],
    );
  await fill(small, 98);
  await fill(large, 99);
  for (const chatId of [large, small]) await alice.trpc.chat.setTyping.mutate({ chatId });
  expect(await signalsIn(published, [small, large])).toEqual([typing(small, alice.id)]);
});

test('no signal is sent where the person cannot send', async () => {
  await using published = await publishedSignals(app.database);
  const [quiet, archived] = [await chatOf(), await chatOf()];
  await alice.trpc.chat.update.mutate({ chatId: quiet, whoPosts: 'Admins' });
  await alice.trpc.chat.archive.mutate({ chatId: archived });
  for (const chatId of [quiet, archived])
    for (const who of [bob, alice]) await who.trpc.chat.setTyping.mutate({ chatId });
  expect(await signalsIn(published, [quiet, archived])).toEqual([typing(quiet, alice.id)]);
});

test('an Admin of the workspace is shown typing in a public channel where Admins post', async () => {
  const { token } = await alice.trpc.workspace.invite.mutate({ workspaceId: workspace.id, role: 'Admin' });
  const carol = await app.signUp('carol');
  await carol.trpc.workspace.acceptInvite.mutate({ token });
  await using published = await publishedSignals(app.database);
  const channel = await chatOf('PublicChannel');
  await alice.trpc.chat.update.mutate({ chatId: channel, whoPosts: 'Admins' });
  for (const who of [bob, carol]) {
    await who.trpc.chat.join.mutate({ chatId: channel });
    await who.trpc.chat.setTyping.mutate({ chatId: channel });
  }
  expect(await signalsIn(published, [channel])).toEqual([typing(channel, carol.id)]);
});

test('outsiders, readers who are not members, and unknown threads are refused', async () => {
  const chatId = await chatOf();
  const other = await chatOf();
  const { id: elsewhere } = await bob.trpc.message.send.mutate({ chatId: other, content: 'elsewhere' });
  const { id: deleted } = await bob.trpc.message.send.mutate({ chatId, content: 'gone' });
  await bob.trpc.message.delete.mutate({ chatId, messageId: deleted });
  for (const threadId of [elsewhere, deleted, randomUUID()])
    expect(await refusal(bob.trpc.chat.setTyping.mutate({ chatId, threadId }))).toMatchObject({
      reason: 'message_not_found',
    });
  const root = await bob.trpc.message.send.mutate({ chatId, content: 'a root' });
  const reply = await bob.trpc.message.send.mutate({ chatId, content: 'a reply', threadId: root.id });
  expect(await refusal(bob.trpc.chat.setTyping.mutate({ chatId, threadId: reply.id }))).toMatchObject({
    reason: 'not_a_root',
  });
  const stranger = await app.signUp('stranger');
  expect(await refusal(stranger.trpc.chat.setTyping.mutate({ chatId }))).toMatchObject({ reason: 'chat_not_found' });
  const channel = await chatOf('PublicChannel');
  expect(await refusal(bob.trpc.chat.setTyping.mutate({ chatId: channel }))).toMatchObject({ reason: 'not_a_member' });
  expect(await refusal(bob.trpc.chat.setTyping.mutate({ chatId, isTyping: 'yes' as never }))).toMatchObject({
    reason: 'invalid_input',
  });
});

test('calls over the budget of signals are refused, and signals of marks use the same budget', async () => {
  const slow = await app.another({ FECHATTER_LIMITS_SIGNALS_PER_MINUTE: '3' });
  const chatId = await chatOf();
  const { trpc } = { trpc: slow.client({ authorization: `Bearer ${bob.session.token}` }) };
  const { seq } = await alice.trpc.message.send.mutate({ chatId, content: 'to be read' });
  await trpc.chat.markRead.mutate({ chatId, seq });
  for (let call = 0; call < 2; call++) await trpc.chat.setTyping.mutate({ chatId });
  expect(await refusal(trpc.chat.setTyping.mutate({ chatId }))).toMatchObject({ reason: 'rate_limited' });
});
