import { afterAll, expect, test } from 'vitest';
import { refusal, testServer } from '../testing/index.ts';
import { stagedWorkspace } from '../testing/staged-workspace.ts';

const app = await testServer();
afterAll(() => app[Symbol.asyncDispose]());
const alice = await app.signUp('alice');
const bob = await app.signUp('bob');
const { id: workspaceId } = await stagedWorkspace(alice, { Member: [bob] });
const make = (name: string, chatType: 'PublicChannel' | 'PrivateChannel' = 'PublicChannel') =>
  alice.trpc.chat.create.mutate({ workspaceId, chatType, name, memberIds: [] });
for (const name of ['news', 'a_b', 'axb', '100%', 'back\\slash', 'news']) await make(name);
await make('a secret', 'PrivateChannel');

test('public channels are found by name, joined or not', async () => {
  const { channels } = await bob.trpc.workspace.channels.query({ workspaceId });
  expect(channels.map(({ name }) => name)).toEqual(['100%', 'a_b', 'axb', 'back\\slash', 'news', 'news']);
  expect(channels[0]).toMatchObject({ memberCount: 1, joined: false });
  await bob.trpc.chat.join.mutate({ chatId: channels[0]?.id ?? '' });
  const [joined] = (await bob.trpc.workspace.channels.query({ workspaceId, query: '100' })).channels;
  expect(joined).toMatchObject({ memberCount: 2, joined: true });
});

test.each([
  ['_', ['a_b']],
  ['%', ['100%']],
  ['\\', ['back\\slash']],
  ['NEWS', ['news', 'news']],
  ['secret', []],
])('the search term is text, not a pattern: %s', async (query, names) => {
  const { channels } = await bob.trpc.workspace.channels.query({ workspaceId, query });
  expect(channels.map(({ name }) => name)).toEqual(names);
});

test('pages are ordered by name and id, so equal names are each shown once', async () => {
  const seen: string[] = [];
  let cursor: string | null | undefined;
  while (cursor !== null) {
    const page = await bob.trpc.workspace.channels.query({ workspaceId, limit: 1, ...(cursor && { cursor }) });
    seen.push(...page.channels.map(({ id }) => id));
    cursor = page.nextCursor;
  }
  expect(seen).toHaveLength(6);
  expect(new Set(seen).size).toBe(6);
});

test.each([
  ['of a build that kept ids alone', ['channels', '01a22829-4e62-733a-9fc8-e6005ebb8a1e']],
  ['with a name that cannot be stored', ['channels', ['\0', '01a22829-4e62-733a-9fc8-e6005ebb8a1e']]],
  ['of another list', ['members', ['news', '01a22829-4e62-733a-9fc8-e6005ebb8a1e']]],
])('a cursor %s is refused', async (_, place) => {
  const cursor = Buffer.from(JSON.stringify(place)).toString('base64url');
  expect(await refusal(bob.trpc.workspace.channels.query({ workspaceId, cursor }))).toMatchObject({
    reason: 'invalid_cursor',
  });
});

test('the longest name fits into a cursor', async () => {
  for (const name of ['\u{1f600}'.repeat(50), '"'.repeat(100)]) {
    await make(name);
    await make(name);
    const { channels, nextCursor } = await bob.trpc.workspace.channels.query({ workspaceId, query: name, limit: 1 });
    const next = await bob.trpc.workspace.channels.query({ workspaceId, query: name, cursor: nextCursor ?? '' });
    expect([...channels, ...next.channels].map((channel) => channel.name)).toEqual([name, name]);
  }
});
