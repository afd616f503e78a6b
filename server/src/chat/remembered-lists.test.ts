import { decodeCursor } from '@fechatter/contract';
import { until } from '@fechatter/testing/until';
import { afterAll, expect, test } from 'vitest';
import { refusal, testServer } from '../testing/index.ts';
import type { Person } from '../testing/person.ts';

const app = await testServer({ FECHATTER_CACHE_CHAT_LIST_SECONDS: '300', FECHATTER_CACHE_PROFILE_SECONDS: '300' });
/** Another server over the same database, whose changes the first one learns from the log alone. */
const other = await app.another();
afterAll(() => app[Symbol.asyncDispose]());
/** Gives events their positions, as a notify does. */
const number = () => app.database.query('select log_step()');
const elsewhere = (person: { readonly session: { readonly token: string } }) =>
  other.client({ authorization: `Bearer ${person.session.token}` });
const fresh = (person: { readonly session: { readonly token: string } }) =>
  app.client({ authorization: `Bearer ${person.session.token}`, 'cache-control': 'no-cache' });

test('a list is used again with the cursor of its snapshot, and counted', async () => {
  const { alice, bob, chat } = await app.chatOf('alice', 'bob');
  const before = await bob.trpc.chat.list.query();
  const { hits } = app.deps.remembered.chatLists.counts;
  await alice.trpc.message.send.mutate({ chatId: chat.id, content: 'news' });
  await number();
  expect(await bob.trpc.chat.list.query()).toEqual(before);
  expect(app.deps.remembered.chatLists.counts.hits).toBe(hits + 1);
  const { chats, eventCursor } = await fresh(bob).chat.list.query();
  expect(chats).toMatchObject([{ id: chat.id, lastMessage: { content: 'news' } }]);
  expect(decodeCursor(eventCursor)?.pos).toBeGreaterThan(decodeCursor(before.eventCursor)?.pos ?? Infinity);
  expect(await bob.trpc.chat.list.query()).toMatchObject({ chats, eventCursor });
});

test('over REST the header does the same', async () => {
  const { ann: alice, ben: bob, chat } = await app.chatOf('ann', 'ben');
  const list = async (headers: Readonly<Record<string, string>> = {}) => {
    const authorization = `Bearer ${bob.session.token}`;
    const response = await fetch(`${app.url}/api/chats`, { headers: { authorization, ...headers } });
    return (await response.json()) as { chats: { last_message: { content: string } | null }[] };
  };
  await list();
  await alice.trpc.message.send.mutate({ chatId: chat.id, content: 'news' });
  expect((await list()).chats[0]?.last_message).toBeNull();
  expect((await list({ 'cache-control': 'no-cache' })).chats[0]?.last_message?.content).toBe('news');
});

test('own changes are in the next list', async () => {
  const { ida: bob, chat } = await app.chatOf('ada', 'ida');
  await bob.trpc.chat.list.query();
  await bob.trpc.message.send.mutate({ chatId: chat.id, content: 'mine' });
  expect((await bob.trpc.chat.list.query()).chats[0]?.lastMessage?.content).toBe('mine');
  await bob.trpc.chat.leave.mutate({ chatId: chat.id });
  expect((await bob.trpc.chat.list.query()).chats).toEqual([]);
});

test('lists of a workspace and of another size are their own', async () => {
  const { amy: alice, workspace } = await app.chatOf('amy', 'max');
  const { chats } = await alice.trpc.chat.list.query();
  expect(chats).toHaveLength(1);
  const { id: elsewhereId } = (await app.workspaceOf('carol')).workspace;
  expect(await refusal(alice.trpc.chat.list.query({ workspaceId: elsewhereId }))).toMatchObject({
    reason: 'workspace_not_found',
  });
  expect((await alice.trpc.chat.list.query({ workspaceId: workspace.id, limit: 1 })).chats).toEqual(chats);
});

test.each([
  ['removed', 'rosa', 'remy'],
  ['deleted', 'dora', 'dean'],
  ['left the workspace', 'lena', 'leo'],
] as const)(
  'a chat that a person cannot see any more (%s, on another server) leaves the list',
  async (how, owner, member) => {
    const { chat, workspace, ...people } = await app.chatOf(owner, member);
    const { [owner]: alice, [member]: bob } = people as Readonly<Record<string, Person>>;
    if (alice === undefined || bob === undefined) throw new Error('both are there');
    expect((await bob.trpc.chat.list.query()).chats).toHaveLength(1);
    if (how === 'removed') await elsewhere(alice).chat.removeMember.mutate({ chatId: chat.id, userId: bob.id });
    if (how === 'deleted') await elsewhere(alice).chat.delete.mutate({ chatId: chat.id });
    if (how === 'left the workspace')
      await elsewhere(alice).workspace.removeMember.mutate({ workspaceId: workspace.id, userId: bob.id });
    await until(
      async () => (await bob.trpc.chat.list.query()).chats.length === 0,
      'the server has learned that the chat was taken away',
    );
  },
);

test('a profile is used again until its person, or the right to see it, has gone', async () => {
  const { paul: alice, bert: bob, workspace } = await app.workspaceOf('paul', 'bert');
  const see = () => alice.trpc.user.get.query({ userId: bob.id });
  expect(await see()).toMatchObject({ fullName: 'bert' });
  await elsewhere(bob).user.update.mutate({ fullName: 'Robert' });
  expect(await see()).toMatchObject({ fullName: 'bert' });
  expect(await fresh(alice).user.get.query({ userId: bob.id })).toMatchObject({ fullName: 'Robert' });
  await bob.trpc.user.update.mutate({ fullName: 'Bobby' });
  expect(await see()).toMatchObject({ fullName: 'Bobby' });
  await elsewhere(bob).workspace.leave.mutate({ workspaceId: workspace.id });
  // Fails while the profile is still returned, and until() tries again.
  const refused = await until(() => refusal(see()), 'the server has learned that they share no workspace any more');
  expect(refused).toMatchObject({ reason: 'user_not_found' });
});

test('a list whose cursor is dead, or from which a client would follow too far, is read again', async () => {
  const { zoe: bob } = await app.chatOf('yan', 'zoe');
  await number();
  const dead = await bob.trpc.chat.list.query();
  await app.database.query('update log_order set nonce = nonce + 1 where pos = $1', [
    decodeCursor(dead.eventCursor)?.pos,
  ]);
  const next = await bob.trpc.chat.list.query();
  expect(next.eventCursor).not.toBe(dead.eventCursor);
  expect((await bob.trpc.chat.list.query()).eventCursor).toBe(next.eventCursor);
  const pos = decodeCursor(next.eventCursor)?.pos ?? Number.NaN;
  const at = async (behind: number) => {
    await app.database.query(
      'insert into log_order (pos, event_id, nonce) select $1, event_id, 1 from log_order where pos = $2',
      [pos + behind, pos],
    );
    return (await bob.trpc.chat.list.query()).eventCursor === next.eventCursor;
  };
  expect([await at(4_999), await at(5_000)]).toEqual([true, false]);
});
