import { afterAll, expect, test } from 'vitest';
import { brokenRules } from '../testing/invariants.ts';
import { refusal, testServer } from '../testing/index.ts';

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
  expect(await mark(first.seq)).toEqual({ unreadCount: 1, lastReadSeq: 2, lastReadNumber: 1 });
  expect(await mark(first.seq + 1)).toEqual({ unreadCount: 1, lastReadSeq: 3, lastReadNumber: 1 });
  expect(await mark(0)).toEqual({ unreadCount: 1, lastReadSeq: 3, lastReadNumber: 1 });
  expect(await mark(Number.MAX_SAFE_INTEGER)).toEqual({ unreadCount: 0, lastReadSeq: second.seq, lastReadNumber: 2 });
  expect(await bob.trpc.chat.get.query({ chatId })).toMatchObject({
    unreadCount: 0,
    lastReadSeq: 4,
    lastReadNumber: 2,
  });
  expect(await readsIn(chatId)).toMatchObject([
    { userId: bob.id, seq: null, workspaceSeq: null, facts: { lastReadSeq: 2, lastReadNumber: 1, unreadCount: 1 } },
    { userId: bob.id, facts: { lastReadSeq: 3, lastReadNumber: 1, unreadCount: 1 } },
    { userId: bob.id, facts: { lastReadSeq: 4, lastReadNumber: 2, unreadCount: 0 } },
  ]);
});

test('only integers from 0 are marks', async () => {
  const chatId = await stage();
  for (const seq of [-1, 1.5, Number.NaN, 2 ** 53])
    expect(await refusal(bob.trpc.chat.markRead.mutate({ chatId, seq }))).toMatchObject({ reason: 'invalid_input' });
});

test('in the Single chat of someone who has left one may still read', async () => {
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

test('marks from several devices race with messages: the mark never goes back and unread is never wrong', async () => {
  const chatId = await stage();
  const marked: number[] = [];
  await Promise.all([
    ...Array.from({ length: 10 }, (_, n) => send(alice, chatId, `from alice ${n}`)),
    ...Array.from({ length: 3 }, (_, n) => send(bob, chatId, `from bob ${n}`)),
    ...Array.from({ length: 12 }, async (_, n) => {
      const answer = await bob.trpc.chat.markRead.mutate({ chatId, seq: n });
      expect(answer.unreadCount).toBeGreaterThanOrEqual(0);
      marked.push(answer.lastReadSeq);
      expect(answer.lastReadSeq).toBeGreaterThanOrEqual(Math.min(n, 1));
    }),
  ]);
  expect(marked).toHaveLength(12);
  const seqs = (await readsIn(chatId)).map(({ facts }) => Number(facts.lastReadSeq));
  expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b));
  expect(await bob.trpc.chat.markRead.mutate({ chatId, seq: 14 })).toEqual({
    unreadCount: 0,
    lastReadSeq: 14,
    lastReadNumber: 13,
  });
  expect(await brokenRules(app.database)).toEqual({});
});
