import { limits, type Message } from '@fechatter/contract';
import { v7 as uuidv7 } from 'uuid';
import { expect, test } from 'vitest';
import { type Client, refusal, testServer } from '../testing/index.ts';

test('pages in both directions have every message once, also after deletions', async () => {
  await using app = await testServer();
  const { alice, bob, chat } = await app.chatOf('alice', 'bob');
  const all = await sendMany(alice.trpc, chat.id, 23);
  const isKept = (_: unknown, n: number) => n % 5 !== 0 && n !== 22;
  for (const { id: messageId } of all.filter((message, n) => !isKept(message, n)))
    await alice.trpc.message.delete.mutate({ chatId: chat.id, messageId });
  const kept = all.filter(isKept).map(({ content }) => content);
  expect(await pagesFrom(bob.trpc, chat.id, { before: all[22]?.id })).toEqual(kept.toReversed());
  expect(await pagesFrom(bob.trpc, chat.id, {})).toEqual(kept.toReversed());
  expect(await pagesFrom(bob.trpc, chat.id, { after: all[0]?.id })).toEqual(kept);
});

test('a page is newest first, and `hasMore` is about its direction', async () => {
  await using app = await testServer();
  const { alice, chat } = await app.chatOf('alice', 'bob');
  const page = async (input: { limit?: number; before?: string | undefined; after?: string | undefined }) => {
    const { messages, hasMore } = await alice.trpc.message.list.query({ chatId: chat.id, ...input });
    return [messages.map(({ number }) => number), hasMore];
  };
  expect(await page({})).toEqual([[], false]);
  const ids = (await sendMany(alice.trpc, chat.id, 5)).map(({ id }) => id);
  expect(await page({})).toEqual([[5, 4, 3, 2, 1], false]);
  expect(await page({ limit: 5 })).toEqual([[5, 4, 3, 2, 1], false]);
  expect(await page({ limit: 2 })).toEqual([[5, 4], true]);
  expect(await page({ limit: 2, before: ids[3] })).toEqual([[3, 2], true]);
  expect(await page({ limit: 3, before: ids[3] })).toEqual([[3, 2, 1], false]);
  expect(await page({ limit: 2, after: ids[1] })).toEqual([[4, 3], true]);
  expect(await page({ limit: 3, after: ids[1] })).toEqual([[5, 4, 3], false]);
  expect(await page({ before: ids[0] })).toEqual([[], false]);
  expect(await page({ after: ids[4] })).toEqual([[], false]);
});

test('50 messages are listed by default, 100 at most', async () => {
  await using app = await testServer();
  const { alice, chat } = await app.chatOf('alice', 'bob');
  await sendMany(alice.trpc, chat.id, 50);
  await sendMany(alice.trpc, chat.id, 50);
  await sendMany(alice.trpc, chat.id, 1);
  expect(await alice.trpc.message.list.query({ chatId: chat.id })).toMatchObject({
    messages: { length: 50 },
    hasMore: true,
  });
  expect((await alice.trpc.message.list.query({ chatId: chat.id, limit: 100 })).messages).toHaveLength(100);
  for (const limit of [0, 101, 1.5])
    expect(await refusal(alice.trpc.message.list.query({ chatId: chat.id, limit }))).toMatchObject({
      reason: 'invalid_input',
    });
});

test('a page around a message, or a number, is centred on it and has `hasMore` for each side', async () => {
  await using app = await testServer();
  const { alice, chat } = await app.chatOf('alice', 'bob');
  type Around = { limit?: number; around?: string | undefined; aroundNumber?: number };
  const page = async (input: Around) => {
    const { messages, ...rest } = await alice.trpc.message.list.query({ chatId: chat.id, ...input });
    return [messages.map(({ number }) => number), rest];
  };
  const sides = (hasBefore: boolean, hasAfter: boolean) => ({ hasMore: hasBefore || hasAfter, hasBefore, hasAfter });
  expect(await page({ aroundNumber: 1 })).toEqual([[], sides(false, false)]);
  // Numbers and seqs diverge at events that are not messages.
  const ids: string[] = [];
  for (let number = 1; number <= 9; number += 1) {
    if (number % 2 === 0) await alice.trpc.chat.update.mutate({ chatId: chat.id, name: `before ${number}` });
    ids.push((await alice.trpc.message.send.mutate({ chatId: chat.id, content: `${number}` })).id);
  }
  await alice.trpc.chat.update.mutate({ chatId: chat.id, name: 'the last' });
  for (const around of [{ around: ids[4] }, { aroundNumber: 5 }]) {
    expect(await page({ limit: 5, ...around })).toEqual([[7, 6, 5, 4, 3], sides(true, true)]);
    expect(await page({ limit: 4, ...around })).toEqual([[7, 6, 5, 4], sides(true, true)]);
    expect(await page({ limit: 1, ...around })).toEqual([[5], sides(true, true)]);
    expect(await page({ limit: 9, ...around })).toEqual([[9, 8, 7, 6, 5, 4, 3, 2, 1], sides(false, false)]);
  }
  for (let number = 1; number <= 9; number += 1)
    expect(await page({ limit: 1, aroundNumber: number })).toEqual([[number], sides(number > 1, number < 9)]);
  expect(await page({ limit: 4, aroundNumber: 0 })).toEqual([[2, 1], sides(false, true)]);
  expect(await page({ limit: 4, aroundNumber: 1_000 })).toEqual([[9, 8], sides(true, false)]);
  await alice.trpc.message.delete.mutate({ chatId: chat.id, messageId: ids[4] ?? '' });
  for (const around of [{ around: ids[4] }, { aroundNumber: 5 }])
    expect(await page({ limit: 4, ...around })).toEqual([[7, 6, 4, 3], sides(true, true)]);
});

test('only messages of this chat are valid anchors', async () => {
  await using app = await testServer();
  const { alice, chat, workspace } = await app.chatOf('alice', 'bob');
  const other = await alice.trpc.chat.create.mutate({
    name: 'b',
    chatType: 'Group',
    workspaceId: workspace.id,
    memberIds: [],
  });
  const [own] = await sendMany(alice.trpc, chat.id, 1);
  const [foreign] = await sendMany(alice.trpc, other.id, 1);
  for (const id of [foreign?.id, uuidv7()])
    for (const from of [{ before: id }, { after: id }, { around: id }])
      expect(await refusal(alice.trpc.message.list.query({ chatId: chat.id, ...from }))).toMatchObject({
        code: 'NOT_FOUND',
        reason: 'message_not_found',
      });
  expect(
    await refusal(alice.trpc.message.list.query({ chatId: chat.id, before: own?.id, after: own?.id })),
  ).toMatchObject({
    code: 'BAD_REQUEST',
    reason: 'before_and_after',
  });
  for (const two of [
    { before: own?.id, aroundNumber: 1 },
    { around: own?.id, aroundNumber: 1 },
  ])
    expect(await refusal(alice.trpc.message.list.query({ chatId: chat.id, ...two }))).toMatchObject({
      reason: 'before_and_after',
    });
});

test('members read the whole history, a public channel is open to its workspace, nothing to others', async () => {
  await using app = await testServer();
  const { alice, bob, carol, workspace } = await app.workspaceOf('alice', 'bob', 'carol');
  const stranger = await app.signUp('stranger');
  const create = (chatType: 'PrivateChannel' | 'PublicChannel') =>
    alice.trpc.chat.create.mutate({ name: 'a channel', chatType, workspaceId: workspace.id, memberIds: [] });
  const [closed, channel] = [await create('PrivateChannel'), await create('PublicChannel')];
  for (const { id } of [closed, channel]) await sendMany(alice.trpc, id, 2);
  const list = (trpc: Client, chatId: string) => trpc.message.list.query({ chatId });
  const reason = async (trpc: Client, chatId: string) => (await refusal(list(trpc, chatId)))?.reason;
  await alice.trpc.chat.addMembers.mutate({ chatId: closed.id, userIds: [bob.id] });
  expect((await list(bob.trpc, closed.id)).messages.map(({ number }) => number)).toEqual([2, 1]);
  expect((await list(carol.trpc, channel.id)).messages).toHaveLength(2);
  expect(await reason(carol.trpc, closed.id)).toBe('chat_not_found');
  expect(await reason(stranger.trpc, closed.id)).toBe('chat_not_found');
  expect(await reason(stranger.trpc, channel.id)).toBe('chat_not_found');
  expect(await reason(app.anonymous, channel.id)).toBe('not_signed_in');
  const both = refusal(stranger.trpc.message.list.query({ chatId: channel.id, before: uuidv7(), after: uuidv7() }));
  expect(await both).toMatchObject({ reason: 'chat_not_found' });
  await bob.trpc.chat.leave.mutate({ chatId: closed.id });
  expect(await reason(bob.trpc, closed.id)).toBe('chat_not_found');
  await alice.trpc.chat.delete.mutate({ chatId: channel.id });
  for (const { trpc } of [alice, carol]) expect(await reason(trpc, channel.id)).toBe('chat_not_found');
  await carol.trpc.workspace.leave.mutate({ workspaceId: workspace.id });
  expect(await reason(carol.trpc, channel.id)).toBe('chat_not_found');
});

test('a message that cannot be decrypted is shown as U+FFFD and hides no other', async () => {
  await using app = await testServer();
  const { alice, chat } = await app.chatOf('alice', 'bob');
  const [first] = await sendMany(alice.trpc, chat.id, 3);
  await app.database.query(`update messages set body = (select body from messages where number = 2) where id = $1`, [
    first?.id,
  ]);
  const { messages } = await alice.trpc.message.list.query({ chatId: chat.id });
  expect(messages.map(({ content }) => content)).toEqual(['message 2', 'message 1', '\uFFFD']);
});

async function sendMany(trpc: Client, chatId: string, count: number): Promise<Message[]> {
  const sent: Message[] = [];
  const send = (n: number) => trpc.message.send.mutate({ chatId, content: `message ${n}` });
  // One batch at a time: concurrent batches have no order.
  while (sent.length < count) {
    const next = Math.min(limits.batchMaxCalls, count - sent.length);
    sent.push(...(await Promise.all(Array.from({ length: next }, (_, n) => send(sent.length + n)))));
  }
  return sent;
}

/** The contents of all pages in reading order; with `after`, each page is reversed. */
async function pagesFrom(
  trpc: Client,
  chatId: string,
  start: { readonly before?: string | undefined; readonly after?: string | undefined },
): Promise<string[]> {
  const met: string[] = [];
  let from = start;
  for (;;) {
    const { messages, hasMore } = await trpc.message.list.query({ chatId, limit: 4, ...from });
    const [newest, oldest] = [messages.at(0)?.id, messages.at(-1)?.id];
    const contents = messages.map(({ content }) => content);
    met.push(...(start.after === undefined ? contents : contents.toReversed()));
    if (!hasMore) return met;
    from = start.after === undefined ? { before: oldest } : { after: newest };
  }
}
