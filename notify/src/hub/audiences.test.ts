import type { Event } from '@fechatter/contract';
import { afterAll, expect, test } from 'vitest';
import { type StockStream, stockStream } from '../testing/stock-client.ts';
import { type Person, testWorld } from '../testing/world.ts';

const world = await testWorld();
const notify = await world.notify();
afterAll(async () => {
  await notify.close();
  await world[Symbol.asyncDispose]();
});

const follow = async (person: Person): Promise<StockStream> => {
  const stream = stockStream({ url: () => notify.url, token: person.token });
  await stream.until((events) => events.find(({ kind }) => kind === 'ready'));
  return stream;
};
/** Everything up to an event that only marks the position. */
const upToMark = async (stream: StockStream, person: Person): Promise<readonly Event[]> => {
  const before = stream.events.filter(({ kind }) => kind === 'chat.read').length;
  await world.append({ kind: 'chat.read', userId: person.id, chatId: person.id });
  await stream.until((events) => events.filter(({ kind }) => kind === 'chat.read').length > before);
  return stream.events.filter(({ kind }) => kind !== 'chat.read' && kind !== 'ready');
};
const people = () => Promise.all([world.person('Alice'), world.person('Bob'), world.person('Carol')]);

test('members receive the events of their chats; others none; a leaver receives the leaving and nothing after it', async () => {
  const [alice, bob, carol] = await people();
  const workspace = await world.workspace(alice, bob, carol);
  const chat = await world.chat(workspace, [alice, bob]);
  const [a, b, c] = [await follow(alice), await follow(bob), await follow(carol)];
  await world.send(chat, alice, 'one');
  // A person who has left receives nothing of that time any more.
  await b.until((events) => events.find(({ kind }) => kind === 'message.created'));
  await world.leave(chat, bob);
  await world.send(chat, alice, 'two');
  await world.join(chat, bob);
  await world.send(chat, alice, 'three');
  const inChat = (events: readonly Event[]) =>
    events.filter((event) => 'chatId' in event && event.chatId === chat.id && event.kind !== 'chat.created');
  expect(inChat(await upToMark(a, alice)).map(({ kind }) => kind)).toEqual([
    'message.created', 'member.left', 'message.created', 'member.joined', 'message.created',
  ]); // biome-ignore format: short
  expect(inChat(await upToMark(b, bob))).toMatchObject([
    { kind: 'message.created', message: { content: 'one' } },
    { kind: 'member.left', userId: bob.id },
    { kind: 'member.joined', user: { id: bob.id, name: 'Bob' }, chat: { id: chat.id, name: 'a chat' } },
    { kind: 'message.created', message: { content: 'three' } },
  ]);
  expect(inChat(await upToMark(c, carol))).toEqual([]);
  for (const stream of [a, b, c]) stream[Symbol.dispose]();
});

test('the whole workspace receives creation and deletion of a public channel; its members the rest', async () => {
  const [alice, bob, carol] = await people();
  const workspace = await world.workspace(alice, bob);
  const [b, c] = [await follow(bob), await follow(carol)];
  const channel = await world.chat(workspace, [alice], 'PublicChannel');
  await world.send(channel, alice, 'for members');
  await world.deleteChat(channel, true);
  const seen = (await upToMark(b, bob)).filter((event) => 'chatId' in event);
  expect(seen).toMatchObject([
    { kind: 'chat.created', chatId: channel.id, seq: 1, workspaceId: workspace, workspaceSeq: 3 },
    { kind: 'chat.deleted', chatId: channel.id, workspaceSeq: 4 },
  ]);
  expect((await upToMark(c, carol)).filter((event) => 'chatId' in event)).toEqual([]);
  b[Symbol.dispose]();
  c[Symbol.dispose]();
});

test('a Single chat has the name of the other person', async () => {
  const [alice, bob] = await people();
  const workspace = await world.workspace(alice, bob);
  const [a, b] = [await follow(alice), await follow(bob)];
  await world.chat(workspace, [alice, bob], 'Single');
  const named = (events: readonly Event[]) => events.find(({ kind }) => kind === 'chat.created');
  expect(named(await upToMark(a, alice))).toMatchObject({ chat: { name: 'Bob', chatType: 'Single' } });
  expect(named(await upToMark(b, bob))).toMatchObject({ chat: { name: 'Alice' } });
  a[Symbol.dispose]();
  b[Symbol.dispose]();
});

test('leaving the workspace ends its chats; the last event is the own leaving', async () => {
  const [alice, bob] = await people();
  const workspace = await world.workspace(alice, bob);
  const chat = await world.chat(workspace, [alice, bob]);
  const b = await follow(bob);
  await world.leaveWorkspace(workspace, bob);
  await world.send(chat, alice, 'without bob');
  await world.append({ kind: 'workspace.updated', workspaceId: workspace, workspaceSeq: 4 });
  const seen = await upToMark(b, bob);
  expect(seen.slice(-2)).toMatchObject([
    { kind: 'member.left', chatId: chat.id, userId: bob.id },
    { kind: 'workspace.memberLeft', workspaceId: workspace, userId: bob.id },
  ]);
  b[Symbol.dispose]();
});

test('a deleted workspace is one event, and none follows from its chats', async () => {
  const [alice] = await people();
  const workspace = await world.workspace(alice);
  const chat = await world.chat(workspace, [alice]);
  const a = await follow(alice);
  await world.deleteWorkspace(workspace);
  await world.append({
    kind: 'chat.updated',
    workspaceId: workspace,
    chatId: chat.id,
    chatSeq: 2,
    facts: { changed: 'name' },
  });
  expect((await upToMark(a, alice)).at(-1)).toMatchObject({ kind: 'workspace.deleted', workspaceId: workspace });
  a[Symbol.dispose]();
});
