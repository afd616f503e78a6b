import { expect, test } from 'vitest';
import { refusal, testServer } from '../testing/index.ts';

test('followed threads of all chats of a workspace are listed by their last reply, each once, also during replies', async () => {
  await using app = await testServer();
  const { alice, bob, chat, workspace } = await app.chatOf('alice', 'bob');
  const workspaceId = workspace.id;
  const other = await alice.trpc.chat.create.mutate({
    name: 'other',
    chatType: 'Group',
    workspaceId,
    memberIds: [bob.id],
  });
  const elsewhere = await alice.trpc.workspace.create.mutate({ name: 'elsewhere' });
  const reply = (chatId: string, threadId: string) => bob.trpc.message.send.mutate({ chatId, content: 'r', threadId });
  const roots: string[] = [];
  for (let n = 0; n < 5; n += 1) {
    const chatId = n % 2 === 0 ? chat.id : other.id;
    const root = await alice.trpc.message.send.mutate({ chatId, content: `${n}` });
    await reply(chatId, root.id);
    roots.push(root.id);
  }
  const page = async (cursor?: string, limit = 2) => {
    const { threads, nextCursor } = await alice.trpc.thread.list.query({
      workspaceId,
      limit,
      ...(cursor !== undefined && { cursor }),
    });
    return { ids: threads.map(({ root }) => root.id), nextCursor };
  };
  const [r0, r1, r2, r3, r4] = roots;
  const first = await page();
  expect(first.ids).toEqual([r4, r3]);
  // The thread at the end of the page got another reply: the next page begins at its former place.
  await reply(other.id, r3 ?? '');
  const second = await page(first.nextCursor ?? '');
  expect(second.ids).toEqual([r2, r1]);
  const third = await page(second.nextCursor ?? '');
  expect(third).toEqual({ ids: [r0], nextCursor: null });
  expect((await page(undefined, 100)).ids).toEqual([r3, r4, r2, r1, r0]);
  await alice.trpc.thread.markRead.mutate({ chatId: chat.id, rootId: r2 ?? '', number: 1 });
  const unread = await alice.trpc.thread.list.query({ workspaceId, unread: true });
  expect(unread.threads.map(({ root, unreadCount }) => [root.id, unreadCount])).toEqual([
    [r3, 2],
    [r4, 1],
    [r1, 1],
    [r0, 1],
  ]);
  expect((await alice.trpc.thread.list.query({ workspaceId: elsewhere.id })).threads).toEqual([]);
  await alice.trpc.chat.delete.mutate({ chatId: other.id });
  expect((await page(undefined, 100)).ids).toEqual([r4, r2, r0]);
  for (const cursor of ['x', first.nextCursor?.slice(2) ?? ''])
    expect(await refusal(page(cursor))).toMatchObject({ reason: 'invalid_cursor' });
  const stranger = await app.signUp('stranger');
  expect(await refusal(stranger.trpc.thread.list.query({ workspaceId }))).toMatchObject({
    reason: 'workspace_not_found',
  });
});
