import { brokenRules } from '@fechatter/server/invariants';
import { testServer } from '@fechatter/server/testing';
import { afterAll, expect, test } from 'vitest';
import type { ImportItem } from '../stream.ts';
import { importing, message, person, prove, second } from '../testing/imported.ts';

const app = await testServer();
const imports = importing(app);
afterAll(async () => {
  await imports[Symbol.asyncDispose]();
  await app[Symbol.asyncDispose]();
});

const proved = (...names: string[]) => prove(app, ...names);

test('a chat is imported with its messages, threads, reactions, pins, mentions and edits, and counts as read', async () => {
  const { alice, bob, carol, workspace } = await app.workspaceOf('alice', 'bob', 'carol');
  await proved('alice', 'bob');
  const workspaceId = workspace.id;
  const items: ImportItem[] = [
    ...['alice', 'bob', 'carol', 'dave'].map(person),
    {
      type: 'chat',
      key: 'c',
      name: 'old talk',
      chatType: 'PrivateChannel',
      topic: 'what was',
      createdAtUs: second(0),
      members: ['alice', 'bob', 'carol', 'dave'].map((name) => ({ person: name })),
    },
    // Not in the order of time.
    message(5, 'bob', 'a reply', { thread: 'm1' }),
    message(1, 'alice', 'the post', {
      reactions: [
        { emoji: '👍', people: ['bob', 'dave'] },
        { emoji: '❤', people: ['alice'] },
        { emoji: ':party-parrot:', people: ['alice'] },
        { emoji: 'no emoji', people: ['alice'] },
      ],
      isPinned: true,
    }),
    message(2, 'dave', '', {
      text: ['ask ', { person: 'bob' }, ' or ', { person: 'carol' }, ', ', { everyone: true }],
    }),
    message(3, 'bob', 'edited', { editedAtUs: second(9), quoted: 'm1' }),
    message(4, 'alice', 'gone', { isDeleted: true }),
    message(6, 'alice', 'too early', { thread: 'm7' }),
    message(7, 'dave', 'another reply', { thread: 'm1' }),
    message(8, 'ghost', 'who am I', { thread: 'nowhere' }),
    message(9, 'bob', '', { files: [{ name: 'plan.pdf' }] }),
  ];
  const report = await imports.into(workspaceId, items);
  expect(report).toMatchObject({
    people: 5,
    matchedPeople: 2,
    chats: 1,
    messages: 9,
    replies: 2,
    reactions: 4,
    pins: 1,
  });
  expect(report.problems.map(({ reason, count }) => [reason, count])).toEqual(
    expect.arrayContaining([
      ['a reaction that can be no emoji here is left out', 1],
      ['a reply whose post is missing or newer is in the main timeline', 2],
      ['a file is not imported', 1],
    ]),
  );

  const { chats } = await alice.trpc.chat.list.query({ workspaceId });
  expect(chats).toMatchObject([
    { name: 'old talk', topic: 'what was', role: 'Owner', unreadCount: 0, lastNumber: 7, mentionNumbers: [] },
  ]);
  const chatId = chats[0]?.id ?? '';
  expect(chats[0]?.createdAt).toEqual(new Date(second(0) / 1_000));
  const { messages } = await bob.trpc.message.list.query({ chatId });
  expect(messages.map(({ content, sender, number }) => [number, sender.name, content])).toEqual([
    [7, 'bob', '[plan.pdf]'],
    [6, 'ghost', 'who am I'],
    [5, 'alice', 'too early'],
    [3, 'bob', 'edited'],
    [2, 'dave', `ask <@${bob.id}> or @carol, <!everyone>`],
    [1, 'alice', 'the post'],
  ]);
  const [, , , edited, asked, post] = messages;
  expect(post).toMatchObject({
    createdAt: new Date(second(1) / 1_000),
    pinnedAt: new Date(second(1) / 1_000),
    reactions: [
      { emoji: '👍', count: 2, userIds: [bob.id, expect.any(String)] },
      { emoji: '❤️', count: 1, userIds: [alice.id] },
      { emoji: ':party_parrot:', count: 1, userIds: [alice.id] },
    ],
    thread: { replyCount: 2, lastNumber: 2 },
    myReactions: ['👍'],
  });
  expect(asked?.mentions).toEqual({ userIds: [bob.id], everyone: true });
  expect(edited).toMatchObject({ quotedId: post?.id, editedAt: new Date(second(9) / 1_000) });
  const thread = await bob.trpc.message.list.query({ chatId, threadId: post?.id ?? '' });
  expect(thread.messages.map(({ content }) => content)).toEqual(['another reply', 'a reply']);
  const { threads } = await bob.trpc.thread.list.query({ workspaceId });
  expect(threads).toMatchObject([{ following: true, unreadCount: 0, lastReadNumber: 2 }]);

  // Carol's address is not proved, so the account is not hers: it is not a member.
  expect((await carol.trpc.chat.list.query({ workspaceId })).chats).toEqual([]);
  expect((await alice.trpc.chat.members.query({ chatId })).members).toHaveLength(2);
  const placeholders = await app.database.query(
    `select full_name as name, status, email from users where full_name in ('dave', 'ghost') order by 1`,
  );
  expect(placeholders).toEqual([
    { name: 'dave', status: 'Suspended', email: null },
    { name: 'ghost', status: 'Suspended', email: null },
  ]);
  expect((await app.events()).filter((event) => event.chatId === chatId)).toMatchObject([
    { kind: 'chat.created', seq: 15, facts: { isImported: true } },
  ]);
  // It is used like any other chat.
  const next = await bob.trpc.message.send.mutate({ chatId, content: 'and now' });
  expect(next).toMatchObject({ seq: 16, number: 8 });
  await bob.trpc.message.react.mutate({ chatId, messageId: post?.id ?? '', emoji: '❤️' });
  await bob.trpc.message.send.mutate({ chatId, content: 'late', threadId: post?.id });
  expect(await brokenRules(app.database)).toEqual({});

  const again = await imports.into(workspaceId, items);
  expect(again).toMatchObject({ chats: 0, knownChats: 1, messages: 0 });
  expect((await alice.trpc.chat.list.query({ workspaceId })).chats).toHaveLength(1);
  expect(await brokenRules(app.database)).toEqual({});
});

test('a dry run reports the same and writes nothing', async () => {
  const { workspace } = await app.workspaceOf('erin');
  const items: ImportItem[] = [
    { type: 'chat', key: 'c', name: 'c', chatType: 'PublicChannel', members: [{ person: 'x' }] },
    message(1, 'x', 'one'),
    message(1, 'x', 'the same again'),
    message(2, 'x', 'no time', { atUs: Number.NaN }),
    message(3, 'x', 'elsewhere', { chat: 'other' }),
  ];
  const count = () =>
    app.database.query(`select (select count(*) from users) as users, (select count(*) from chat_heads) as heads,
      (select count(*) from import_map) as mapped, (select count(*) from messages) as messages`);
  const before = await count();
  const { problems, ...counts } = await imports.into(workspace.id, items, { isDryRun: true });
  expect(await count()).toEqual(before);
  const { problems: really, ...came } = await imports.into(workspace.id, items);
  expect(came).toEqual(counts);
  expect(really).toEqual(problems);
  expect(counts).toMatchObject({ people: 1, chats: 1, messages: 1 });
  expect(problems.map(({ reason }) => reason).sort()).toEqual([
    'a message of an unknown chat is left out',
    'a message that came twice is imported once',
    'a message without a time is left out',
  ]);
});

test('a long text comes in parts, in order, and what belongs to the message is at the first', async () => {
  const { lena, workspace } = await app.workspaceOf('lena');
  await proved('lena');
  const workspaceId = workspace.id;
  const text = Array.from({ length: 4_000 }, (_, n) => `word${n}${'😀'.repeat(n % 3)}`).join(' ');
  const long = { reactions: [{ emoji: '👍', people: ['bob'] }], isPinned: true };
  const report = await imports.into(workspaceId, [
    ...['lena', 'bob'].map(person),
    { type: 'chat', key: 'c', name: 'c', chatType: 'PrivateChannel', members: [{ person: 'lena' }] },
    message(0, 'bob', 'parent'),
    message(1, 'lena', text, long),
    // At the same time as its parts.
    message(2, 'bob', 'between', { atUs: second(1) }),
    message(3, 'bob', 'a reply', { thread: 'm1' }),
    message(4, 'lena', text, { thread: 'm0' }),
  ]);
  expect(report.problems).toMatchObject([{ reason: 'a long message is split', count: 2 }]);
  const { chats } = await lena.trpc.chat.list.query({ workspaceId });
  const chatId = chats[0]?.id ?? '';
  const main = (await lena.trpc.message.list.query({ chatId })).messages.toReversed();
  const parts = main.slice(1, -1);
  expect(parts.length).toBeGreaterThan(3);
  expect(parts.map(({ content }) => content).join('')).toBe(text);
  expect(main.at(-1)?.content).toBe('between');
  expect(
    parts.map((part) => [part.reactions?.length ?? 0, part.thread?.replyCount ?? 0, part.pinnedAt == null]),
  ).toEqual(parts.map((_, at) => (at === 0 ? [1, 1, false] : [0, 0, true])));
  const replies = await lena.trpc.message.list.query({ chatId, threadId: main[0]?.id ?? '' });
  expect(
    replies.messages
      .toReversed()
      .map(({ content }) => content)
      .join(''),
  ).toBe(text);
  expect(await brokenRules(app.database)).toEqual({});
});

test('impossible times and addresses do not stop an import', async () => {
  const { workspace } = await app.workspaceOf('quinn');
  await proved('quinn');
  const report = await imports.into(workspace.id, [
    person('quinn'),
    { type: 'person', key: 'nul', name: 'nul', email: 'a\0b@example.com' },
    ...[1e21, Number.NaN, -1, 8.64e18].map(
      (atUs, n): ImportItem => ({
        type: 'chat',
        key: `far${n}`,
        name: `far ${n}`,
        chatType: 'Group',
        createdAtUs: atUs,
        isArchived: true,
        archivedAtUs: atUs,
        members: [{ person: 'quinn' }],
      }),
    ),
    ...[1e21, Number.NaN, 8.64e18].map((pinnedAtUs, n) =>
      message(n, 'quinn', 'pinned', { chat: `far${n}`, isPinned: true, pinnedAtUs }),
    ),
  ]);
  expect(report).toMatchObject({ chats: 4, messages: 3, pins: 3 });
  const stored = await app.database.query(
    `select from chats where workspace_id = $1 and created_at <= now() and archived_at <= now() and archived_at > now() - interval '1 day'`,
    [workspace.id],
  );
  expect(stored).toHaveLength(4);
  const pinned = await app.database.query(
    `select m.created_at as at, m.parts ->> 'pinnedAt' as pinned from messages m join chats c on c.id = m.chat_id where c.workspace_id = $1`,
    [workspace.id],
  );
  expect(pinned.map((row) => row.pinned as string)).toEqual(pinned.map(({ at }) => (at as Date).toISOString()));
});
