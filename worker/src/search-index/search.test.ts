import { refusal } from '@fechatter/server/testing';
import { expect, test } from 'vitest';
import { searchedServer } from '../testing/searched-server.ts';

test('a message is found by its words, with their positions, newest first', async () => {
  await using stage = await searchedServer();
  const { alice, bob, chat, workspace } = await stage.app.chatOf('alice', 'bob');
  const chatId = chat.id;
  for (const content of [
    'The server is down',
    'Crème brûlée for all',
    'SERVER up again: https://x.example',
    '東京のサーバー',
  ])
    await alice.trpc.message.send.mutate({ chatId, content });
  await stage.index();
  const search = async (query: string) => {
    const { hits } = await bob.trpc.message.search.query({ workspaceId: workspace.id, query });
    return hits.map(({ message, ranges }) => [
      message.content,
      ranges.map(([from, to]) => message.content.slice(from, to)),
    ]);
  };
  expect(await search('server')).toEqual([
    ['SERVER up again: https://x.example', ['SERVER']],
    ['The server is down', ['server']],
  ]);
  expect(await search('creme BRÛLÉE')).toEqual([['Crème brûlée for all', ['Crème', 'brûlée']]]);
  expect(await search('サーバー')).toEqual([['東京のサーバー', ['サーバー']]]);
  expect(await search('"server down"')).toEqual([]);
  expect(await search('"server is down"')).toEqual([['The server is down', ['server is down']]]);
  expect(await search('serv* -down')).toEqual([['SERVER up again: https://x.example', ['SERVER']]]);
  expect(await search('has:link')).toEqual([['SERVER up again: https://x.example', []]]);
  expect(await search(`from:<@${bob.id}> server`)).toEqual([]);
  expect(await search(`from:<@${alice.id}> in:<#${chatId}> down`)).toEqual([['The server is down', ['down']]]);
  expect(await search('has:file')).toEqual([]);
  const { fileId } = await alice.trpc.file.begin.mutate({ chatId, name: 'a file', size: 0 });
  await alice.trpc.file.finish.mutate({ fileId });
  await alice.trpc.message.send.mutate({ chatId, content: 'The server is here', fileIds: [fileId] });
  await stage.index();
  expect(await search('has:file')).toEqual([['The server is here', []]]);
  expect(await search('has:file server')).toEqual([['The server is here', ['server']]]);
  expect(await search('has:file down')).toEqual([]);
});

test('only messages that the caller may read are found, checked again for each page', async () => {
  await using stage = await searchedServer();
  const { alice, bob, carol, workspace } = await stage.app.workspaceOf('alice', 'bob', 'carol');
  const eve = await stage.app.signUp('eve');
  const workspaceId = workspace.id;
  const create = (name: string, chatType: 'Group' | 'PublicChannel', memberIds: string[]) =>
    alice.trpc.chat.create.mutate({ workspaceId, name, chatType, memberIds });
  const shared = await create('shared', 'Group', [bob.id]);
  const open = await create('open', 'PublicChannel', []);
  for (let n = 0; n < 3; n++)
    for (const { id } of [shared, open]) await alice.trpc.message.send.mutate({ chatId: id, content: `zebra ${n}` });
  await stage.index();
  const found = async (person: typeof alice, more: object = {}) => {
    const { hits, nextCursor } = await person.trpc.message.search.query({ workspaceId, query: 'zebra', ...more });
    return { chats: hits.map(({ message }) => message.chatId), nextCursor };
  };
  expect((await found(alice)).chats).toHaveLength(6);
  expect((await found(bob)).chats).toEqual([shared.id, shared.id, shared.id]);
  expect((await found(carol)).chats).toEqual([]);
  expect((await found(carol, { chatIds: [open.id, shared.id] })).chats).toEqual([open.id, open.id, open.id]);
  expect((await found(bob, { query: `zebra in:<#${open.id}>` })).chats).toHaveLength(3);
  expect(await refusal(found(eve))).toMatchObject({ reason: 'workspace_not_found' });
  const first = await found(bob, { limit: 1 });
  expect(first.chats).toEqual([shared.id]);
  await bob.trpc.chat.leave.mutate({ chatId: shared.id });
  expect((await found(bob, { limit: 1, cursor: first.nextCursor })).chats).toEqual([]);
});

test('after an edit or a deletion the old text is not found at once, and the new one is', async () => {
  await using stage = await searchedServer();
  const { alice, chat, workspace } = await stage.app.chatOf('alice');
  const chatId = chat.id;
  const send = (content: string) => alice.trpc.message.send.mutate({ chatId, content });
  const [edited, deleted] = [await send('apricot one'), await send('apricot two')];
  await stage.index();
  const search = async (query: string) =>
    (await alice.trpc.message.search.query({ workspaceId: workspace.id, query })).hits.map(
      ({ message }) => message.content,
    );
  expect(await search('apricot')).toEqual(['apricot two', 'apricot one']);
  await alice.trpc.message.edit.mutate({ chatId, messageId: edited.id, content: 'banana one' });
  await alice.trpc.message.delete.mutate({ chatId, messageId: deleted.id });
  expect(await search('apricot')).toEqual([]);
  await stage.consume();
  expect(await search('banana')).toEqual(['banana one']);
  expect(await stage.indexed()).toEqual([edited.id]);
});

test.each([
  ['the and of', 'query_too_common'],
  ['-zebra', 'query_too_common'],
  ['', 'query_too_common'],
  ['in:<#0190a3c4-0000-7000-8000-000000000001>', 'query_too_common'],
  ['猫', 'query_too_short'],
  ['ze*', 'query_too_short'],
  ['z'.repeat(257), 'invalid_input'],
])('%s is refused', async (query, reason) => {
  await using stage = await searchedServer();
  const { alice, workspace } = await stage.app.workspaceOf('alice');
  await stage.index();
  const searching = alice.trpc.message.search.query({ workspaceId: workspace.id, query });
  expect(await refusal(searching)).toMatchObject({ reason });
});

test('a search that is switched off is refused, and one before any worker finds nothing', async () => {
  await using stage = await searchedServer();
  const { alice, workspace } = await stage.app.workspaceOf('alice');
  const input = { workspaceId: workspace.id, query: 'zebra' };
  expect(await alice.trpc.message.search.query(input)).toEqual({ hits: [], nextCursor: null, searchedBackTo: null });
  const off = await stage.app.another({ FECHATTER_SEARCH_ENABLED: 'false' });
  const searching = off.client({ authorization: `Bearer ${alice.session.token}` }).message.search.query(input);
  expect(await refusal(searching)).toMatchObject({ reason: 'search_off' });
  expect((await off.anonymous.info.get.query()).features).not.toContain('search');
});

test('days begin and end in the caller’s time zone', async () => {
  await using stage = await searchedServer();
  const { alice, chat, workspace } = await stage.app.chatOf('alice');
  const chatId = chat.id;
  const message = await alice.trpc.message.send.mutate({ chatId, content: 'zebra' });
  await stage.index();
  const day = message.createdAt.toISOString().slice(0, 10);
  const dayAfter = new Date(message.createdAt.getTime() + 86_400_000).toISOString().slice(0, 10);
  const found = async (query: string, timeZone?: string) =>
    (await alice.trpc.message.search.query({ workspaceId: workspace.id, query: `zebra ${query}`, timeZone })).hits
      .length;
  expect(await found(`after:${day}`)).toBe(1);
  expect(await found(`before:${day}`)).toBe(0);
  expect(await found(`before:${dayAfter}`)).toBe(1);
  expect(await found(`after:${dayAfter}`)).toBe(0);
  // In that time zone the day began 14 hours earlier.
  expect(await found(`after:${day} before:${dayAfter}`, 'Pacific/Kiritimati')).toBe(
    message.createdAt.getUTCHours() < 10 ? 1 : 0,
  );
  const badZone = alice.trpc.message.search.query({
    workspaceId: workspace.id,
    query: 'zebra',
    timeZone: 'Mars/Olympus',
  });
  expect(await refusal(badZone)).toMatchObject({ reason: 'invalid_input' });
});

test('a day or a time zone that only one of Node.js and Postgres knows is refused', async () => {
  await using stage = await searchedServer();
  const { alice, chat, workspace } = await stage.app.chatOf('alice');
  await alice.trpc.message.send.mutate({ chatId: chat.id, content: 'zebra' });
  await stage.index();
  const search = (more: object) =>
    alice.trpc.message.search.query({ workspaceId: workspace.id, query: 'zebra', ...more });
  const refused = { code: 'BAD_REQUEST', reason: 'invalid_input' };
  expect(await refusal(search({ after: '0000-01-01' }))).toMatchObject(refused);
  expect(await refusal(search({ after: '2026-01-01', timeZone: 'CTT' }))).toMatchObject(refused);
  // The query treats it as words, which the message does not contain.
  expect((await search({ query: 'zebra after:0000-01-01' })).hits).toEqual([]);
  expect(
    (await search({ after: '0001-01-01', before: '9999-12-31', timeZone: 'Pacific/Kiritimati' })).hits,
  ).toHaveLength(1);
});

test('at most two searches of a person run at once', async () => {
  await using stage = await searchedServer();
  const { alice, workspace } = await stage.app.workspaceOf('alice');
  const held = [stage.app.deps.budgets.beginHeavy(alice.id), stage.app.deps.budgets.beginHeavy(alice.id)];
  const searching = alice.trpc.message.search.query({ workspaceId: workspace.id, query: 'zebra' });
  expect(await refusal(searching)).toMatchObject({ reason: 'rate_limited' });
  for (const end of held) end();
});
