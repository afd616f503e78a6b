import type { Event } from '@fechatter/contract';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { type StockStream, stockStream } from '../testing/stock-client.ts';
import { type Person, type Place, testWorld } from '../testing/world.ts';

const world = await testWorld();
const notifies = { memory: await world.notify(), log: await world.notify({ ringRows: 0 }) };
afterAll(async () => {
  await Promise.all(Object.values(notifies).map((notify) => notify.close()));
  await world[Symbol.asyncDispose]();
});

let [alice, bob, gina, gus]: Person[] = [];
let workspace = '';
let withGina: Place;
const people = () => {
  if (!alice || !bob || !gina || !gus) throw new Error('four people');
  return { alice, bob, gina, gus };
};

/** Alice and Bob are Members; Gina and Gus are Guests, each in a Group with Bob. */
beforeEach(async () => {
  [alice, bob, gina, gus] = await Promise.all(['Alice', 'Bob', 'Gina', 'Gus'].map((name) => world.person(name)));
  const all = people();
  workspace = await world.workspace(all.alice, all.bob);
  await world.joinWorkspace(workspace, all.gina, 'Guest');
  await world.joinWorkspace(workspace, all.gus, 'Guest');
  withGina = await world.chat(workspace, [all.bob, all.gina]);
  await world.chat(workspace, [all.bob, all.gus]);
  // A stream begins at what is numbered: on a busy machine these rows would still come.
  for (const from of ['memory', 'log'] as const) {
    using stream = await open(all.alice, from);
    await upToMark(stream, all.alice);
  }
});

const open = async (person: Person, from: keyof typeof notifies = 'memory', lastEventId?: string) => {
  const stream = stockStream({
    url: () => notifies[from].url,
    token: person.token,
    ...(lastEventId !== undefined && { lastEventId }),
  });
  await stream.until((events) => events.find(({ kind }) => kind === 'ready'));
  return stream;
};
/** Everything up to an event that only marks the position. */
async function upToMark(stream: StockStream, person: Person): Promise<string[]> {
  const before = stream.events.filter(({ kind }) => kind === 'chat.read').length;
  await world.append({ kind: 'chat.read', userId: person.id, chatId: person.id });
  await stream.until((events) => events.filter(({ kind }) => kind === 'chat.read').length > before);
  return stream.events.filter(({ kind }) => kind !== 'chat.read' && kind !== 'ready').map(brief);
}
/** A short description of an event. */
function brief(event: Event): string {
  const nameOf = (id: string) => Object.entries(people()).find(([, person]) => person.id === id)?.[0] ?? id;
  switch (event.kind) {
    case 'user.updated':
      return `${event.kind} ${event.user.name}`;
    case 'workspace.memberJoined':
      return `${event.kind} ${event.user.name}`;
    case 'workspace.memberUpdated':
      return `${event.kind} ${nameOf(event.userId)} ${event.role}`;
    case 'message.created':
      return `${event.kind} ${event.message.content}`;
    default:
      return event.kind;
  }
}

/**
 * Makes one of everything that happens in a workspace. What takes something away overtakes what is on its way, so
 * `settle` is called before.
 */
async function live(settle: () => Promise<unknown> = () => Promise.resolve()): Promise<void> {
  const all = people();
  await world.rename(workspace, all.alice, 'Alice A');
  await world.rename(workspace, all.gus, 'Gus G');
  await world.rename(workspace, all.bob, 'Bob B');
  await world.setRole(workspace, all.alice, 'Admin');
  await world.setRole(workspace, all.bob, 'Admin');
  const channel = await world.chat(workspace, [all.alice], 'PublicChannel');
  await world.deleteChat(channel, true);
  const joined = await world.chat(workspace, [all.alice, all.gina], 'PublicChannel');
  await world.rename(workspace, all.alice, 'Alice B');
  await settle();
  await world.deleteChat(joined, true);
  // Without a change of name: an event shows the name at the time of delivery.
  await world.setRole(workspace, all.alice, 'Member');
  const erin = await world.person('Erin');
  await world.joinWorkspace(workspace, erin);
  await world.leaveWorkspace(workspace, erin);
}
const seenByGina = [
  'user.updated Bob B',
  'workspace.memberUpdated bob Admin',
  'chat.created',
  'user.updated Alice B',
  'chat.deleted',
];

test('a live stream shows a Guest the people and the channels of their chats, and the workspace itself', async () => {
  const all = people();
  using g = await open(all.gina);
  using a = await open(all.alice);
  await live(() => upToMark(g, all.gina));
  await world.append({ kind: 'workspace.updated', workspaceId: workspace, workspaceSeq: await seqOf(workspace) });
  await upToMark(g, all.gina);
  await world.leaveWorkspace(workspace, all.gina);
  expect(await upToMark(g, all.gina)).toEqual([
    ...seenByGina,
    'workspace.updated',
    'member.left',
    'workspace.memberLeft',
  ]);
  const members = await upToMark(a, all.alice);
  for (const row of ['user.updated Gus G', 'workspace.memberJoined Erin', 'workspace.memberUpdated alice Member'])
    expect(members).toContain(row);
});

describe.each(['memory', 'log'] as const)('resumed from the %s', (from) => {
  test('a Guest receives the events that they could see then, and no others', async () => {
    const all = people();
    using before = await open(all.gina, from);
    const place = before.ids.at(-1);
    await live();
    using again = await open(all.gina, from, place);
    // Of a channel that was deleted meanwhile they receive only the end, like its other members.
    expect(await upToMark(again, all.gina)).toEqual([
      'user.updated Bob B',
      'workspace.memberUpdated bob Admin',
      'chat.deleted',
    ]);
  });

  test('a Guest who joins a chat does not receive earlier events about its people', async () => {
    const all = people();
    const room = await world.chat(workspace, [all.alice, all.gus]);
    using before = await open(all.gina, from);
    const place = before.ids.at(-1);
    await world.rename(workspace, all.alice, 'Alice A');
    await world.join(room, all.gina);
    await world.rename(workspace, all.alice, 'Alice B');
    await world.leave(withGina, all.bob);
    await world.rename(workspace, all.bob, 'Bob B');
    const expected = ['member.joined', 'user.updated Alice B', 'member.left'];
    expect(await upToMark(before, all.gina)).toEqual(expected);
    using again = await open(all.gina, from, place);
    expect(await upToMark(again, all.gina)).toEqual(expected);
  });

  test('a former Guest does not receive events that they could not see then', async () => {
    const all = people();
    using before = await open(all.gina, from);
    const place = before.ids.at(-1);
    await world.rename(workspace, all.alice, 'Alice A');
    await world.rename(workspace, all.bob, 'Bob B');
    await world.setRole(workspace, all.gina, 'Member');
    await world.rename(workspace, all.gus, 'Gus G');
    const expected = ['user.updated Bob B', 'workspace.memberUpdated gina Member', 'user.updated Gus G'];
    expect(await upToMark(before, all.gina)).toEqual(expected);
    using again = await open(all.gina, from, place);
    expect(await upToMark(again, all.gina)).toEqual(expected);
  });

  test('a person who became a Guest no longer receives events that they could see before', async () => {
    const all = people();
    using live = await open(all.alice, from);
    const place = live.ids.at(-1);
    const shared = await world.chat(workspace, [all.alice, all.gus]);
    await world.rename(workspace, all.bob, 'Bob B');
    expect(await upToMark(live, all.alice)).toEqual(['chat.created', 'user.updated Bob B']);
    await world.setRole(workspace, all.alice, 'Guest');
    await world.rename(workspace, all.bob, 'Bob C');
    await world.rename(workspace, all.gus, 'Gus G');
    await world.send(shared, all.gus, 'hello');
    const after = ['workspace.memberUpdated alice Guest', 'user.updated Gus G', 'message.created hello'];
    expect(await upToMark(live, all.alice)).toEqual(['chat.created', 'user.updated Bob B', ...after]);
    using again = await open(all.alice, from, place);
    expect(await upToMark(again, all.alice)).toEqual(['chat.created', ...after]);
    await world.setRole(workspace, all.alice, 'Member');
    await world.rename(workspace, all.bob, 'Bob D');
    using third = await open(all.alice, from, place);
    expect(await upToMark(third, all.alice)).toEqual([
      'chat.created',
      ...after,
      'workspace.memberUpdated alice Member',
      'user.updated Bob D',
    ]);
  });
});

test('becoming a Guest overtakes earlier events: those delivered later are not shown', async () => {
  const all = people();
  using a = await open(all.alice);
  // No row is numbered while another process holds the sequencer's lock.
  const held = await world.db.pool.connect();
  await held.query('begin');
  await held.query(`select pg_advisory_xact_lock(hashtext('fechatter.log_step'))`);
  await world.rename(workspace, all.bob, 'Bob B');
  await world.setRole(workspace, all.alice, 'Guest');
  // A stream is live when a read that began after its request has been processed.
  using other = await open(all.gus);
  expect(other.events).toMatchObject([{ kind: 'ready' }]);
  await held.query('commit');
  held.release();
  expect(await upToMark(a, all.alice)).toEqual(['workspace.memberUpdated alice Guest']);
});

async function seqOf(workspaceId: string): Promise<number> {
  const { rows } = await world.db.pool.query<{ last_seq: number }>(
    'update workspace_heads set last_seq = last_seq + 1 where workspace_id = $1 returning last_seq',
    [workspaceId],
  );
  return rows[0]?.last_seq ?? 0;
}
