import { decodeCursor, encodeCursor } from '@fechatter/contract';
import { afterAll, expect, test } from 'vitest';
import { refusal, testServer } from '../testing/index.ts';
import { stagedWorkspace } from '../testing/staged-workspace.ts';

const app = await testServer();
afterAll(() => app[Symbol.asyncDispose]());
const alice = await app.signUp('alice');
const bob = await app.signUp('bob');
const { id: workspaceId } = await stagedWorkspace(alice, { Member: [bob] });
const make = (name: string, chatType: 'Group' | 'PublicChannel' = 'Group') =>
  alice.trpc.chat.create.mutate({ workspaceId, chatType, name, memberIds: [bob.id] });

test('a chat is listed with its newest message and its unread count', async () => {
  const { id: chatId, ...made } = await make('busy');
  const first = await alice.trpc.message.send.mutate({ chatId, content: 'one' });
  const second = await alice.trpc.message.send.mutate({ chatId, content: 'two 💬' });
  const row = {
    id: chatId,
    ...made,
    role: 'Member',
    otherUserId: null,
    lastMessage: {
      id: second.id,
      number: 2,
      content: 'two 💬',
      senderId: alice.id,
      senderName: 'alice',
      createdAt: second.createdAt,
      deletedAt: null,
    },
    unreadCount: 2,
    lastSeq: 3,
    lastNumber: 2,
    lastReadSeq: 1,
    lastReadNumber: 0,
    markVersion: 0,
    markSeq: 1,
    mentionNumbers: [],
    notifyLevel: null,
    mutedUntil: null,
  };
  expect((await bob.trpc.chat.list.query({ workspaceId })).chats).toContainEqual(row);
  expect(await bob.trpc.chat.get.query({ chatId })).toEqual(row);
  expect(await alice.trpc.chat.get.query({ chatId })).toMatchObject({
    unreadCount: 0,
    lastReadSeq: 3,
    lastReadNumber: 2,
  });

  await alice.trpc.message.delete.mutate({ chatId, messageId: second.id });
  expect((await bob.trpc.chat.get.query({ chatId })).lastMessage).toMatchObject({
    id: second.id,
    content: '',
    deletedAt: expect.any(Date),
  });
  expect(first.number).toBe(1);
});

test('a public channel that a caller reads without membership has no unread count and is not listed', async () => {
  const { id: chatId } = await make('open', 'PublicChannel');
  await bob.trpc.chat.leave.mutate({ chatId });
  await alice.trpc.message.send.mutate({ chatId, content: 'news' });
  expect(await bob.trpc.chat.get.query({ chatId })).toMatchObject({
    role: null,
    unreadCount: 0,
    lastSeq: 3,
    lastReadSeq: 3,
    lastReadNumber: 1,
    lastMessage: { content: 'news' },
  });
  const { chats } = await bob.trpc.chat.list.query();
  expect(chats.map(({ id }) => id)).not.toContain(chatId);
});

test('a message that cannot be decrypted is marked, and the list is returned', async () => {
  const { id: chatId } = await make('broken');
  await alice.trpc.message.send.mutate({ chatId, content: 'text' });
  await app.database.query(`update messages set body = '\\x0102' where chat_id = $1`, [chatId]);
  const { chats } = await bob.trpc.chat.list.query();
  expect(chats.find(({ id }) => id === chatId)?.lastMessage?.content).toBe('\uFFFD');
});

test('all pages together have every chat once, and carry the first page’s event cursor', async () => {
  const before = await bob.trpc.chat.list.query();
  const seen: string[] = [];
  let cursor: string | null | undefined;
  let firstEventCursor: string | undefined;
  while (cursor !== null) {
    const page = await bob.trpc.chat.list.query({ limit: 1, ...(cursor && { cursor }) });
    seen.push(...page.chats.map(({ id }) => id));
    cursor = page.nextCursor;
    firstEventCursor ??= page.eventCursor;
    expect(page.eventCursor).toBe(firstEventCursor);
    // Further events are written between the pages.
    await alice.trpc.message.send.mutate({ chatId: before.chats[0]?.id ?? '', content: 'meanwhile' });
    await app.database.query('select log_step()');
  }
  expect(seen).toEqual(before.chats.map(({ id }) => id));
  expect(decodeCursor(firstEventCursor ?? '')).toBeDefined();
  expect((await bob.trpc.chat.list.query()).eventCursor).not.toBe(firstEventCursor);
});

test('the event cursor is the last position of the log', async () => {
  const { eventCursor } = await bob.trpc.chat.list.query();
  const [last] = await app.database.query<{ pos: string; nonce: number }>(
    'select pos, nonce from log_order order by pos desc limit 1',
  );
  expect(eventCursor).toBe(encodeCursor({ pos: Number(last?.pos), nonce: last?.nonce ?? 0 }));
});

test('the list can be limited to a workspace, and is empty for a person in no chat', async () => {
  const other = await stagedWorkspace(bob, { Member: [alice] });
  expect(await bob.trpc.chat.list.query({ workspaceId: other.id })).toMatchObject({ chats: [], nextCursor: null });
  const { id } = await bob.trpc.chat.create.mutate({
    workspaceId: other.id,
    chatType: 'Group',
    name: 'g',
    memberIds: [],
  });
  expect((await bob.trpc.chat.list.query({ workspaceId: other.id })).chats.map((chat) => chat.id)).toEqual([id]);
  const ids = (await bob.trpc.chat.list.query({ workspaceId })).chats.map((chat) => chat.id);
  expect(ids.length).toBeGreaterThan(0);
  expect(ids).not.toContain(id);
});

test('a cursor that is not of this list is refused', async () => {
  const token = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const { chats, eventCursor } = await bob.trpc.chat.list.query();
  const id = chats[0]?.id;
  for (const cursor of [
    'x',
    eventCursor,
    token(['chats', [id, 'garbage']]),
    token(['members', id]),
    token(['chats', id]),
  ])
    expect(await refusal(bob.trpc.chat.list.query({ cursor }))).toMatchObject({ reason: 'invalid_cursor' });
  expect(await refusal(app.anonymous.chat.list.query())).toMatchObject({ reason: 'not_signed_in' });
});
