import { afterAll, beforeEach, expect, test } from 'vitest';
import { until } from '@fechatter/testing/until';
import type { Event } from '../events/event.ts';
import { type Person, quick, world } from '../testing/world.ts';
import { createStore } from './create-store.ts';
import type { Store } from './store.ts';

const scene = await world();
afterAll(() => scene[Symbol.asyncDispose]());
const stores: Store[] = [];
afterAll(() => {
  for (const store of stores) store.close();
});

let workspaceId = '';
let staff: Record<'alice' | 'bob', Person>;
let gina: Person;
let chatId = '';
/** Alice and Bob are in a workspace, Gina is a Guest of it, in a Group with Bob. */
beforeEach(async () => {
  const made = await scene.workspaceOf('alice', 'bob');
  ({ workspaceId } = made);
  staff = made;
  gina = await scene.signUp('gina');
  const { token } = await made.alice.client.workspace.invite.mutate({ workspaceId, role: 'Guest' });
  await gina.client.workspace.acceptInvite.mutate({ token });
  chatId = await group(made.bob, gina);
});

async function group(creator: Person, ...people: Person[]): Promise<string> {
  const memberIds = people.map(({ id }) => id);
  return (await creator.client.chat.create.mutate({ workspaceId, chatType: 'Group', name: 'a group', memberIds })).id;
}
async function storeOf(person: Person) {
  const store = createStore(person.client, { backoff: quick.backoff });
  stores.push(store);
  const people = store.workspaceMembers(workspaceId);
  people.subscribe(() => {});
  await store.ready;
  const names = () =>
    people
      .getSnapshot()
      ?.map(({ user, role }) => `${user.name} ${role}`)
      .toSorted();
  return { store, names };
}
const send = (person: Person, content: string) => person.client.message.send.mutate({ chatId, content });
const rename = (person: Person, fullName: string) => person.client.user.update.mutate({ fullName });
const setRole = (person: Person, role: 'Guest' | 'Member') =>
  staff.alice.client.workspace.setRole.mutate({ workspaceId, userId: person.id, role });
const shows = (names: () => readonly string[] | undefined, ...expected: string[]) =>
  until(
    () => JSON.stringify(names()) === JSON.stringify(expected),
    () => JSON.stringify(names()),
  );

test('events that a Guest does not receive are no gap, also for a listener without prior state', async () => {
  const received: Event[] = [];
  const { unsubscribe } = gina.client.subscribe({ onEvent: (event) => received.push(event) });
  await until(() => received.some(({ kind }) => kind === 'ready'), 'it is live');
  await rename(staff.bob, 'Bob 1');
  for (let round = 2; round <= 4; round++) {
    await rename(staff.alice, `Alice ${round}`);
    await rename(staff.bob, `Bob ${round}`);
    await send(staff.bob, `${round}`);
  }
  await until(() => received.filter(({ kind }) => kind === 'message.created').length === 3, 'all are received');
  unsubscribe();
  const names = received.flatMap((event) => (event.kind === 'user.updated' ? [event.user.name] : []));
  // An event shows the name at the time of delivery.
  expect(names).toHaveLength(4);
  expect(names.filter((name) => !name.startsWith('Bob'))).toEqual([]);
  expect(names.at(-1)).toBe('Bob 4');
  expect(received.some(({ kind }) => kind === 'reset')).toBe(false);
  expect(gina.client.events().counts).toMatchObject({ gap: 0, duplicate: 0 });
});

test('a Guest’s store shows the current people of their chats', async () => {
  const { store, names } = await storeOf(gina);
  await shows(names, 'bob Member', 'gina Guest');
  await staff.bob.client.chat.addMembers.mutate({ chatId, userIds: [staff.alice.id] });
  await shows(names, 'alice Owner', 'bob Member', 'gina Guest');
  await rename(staff.alice, 'Alice B');
  await shows(names, 'Alice B Owner', 'bob Member', 'gina Guest');
  await staff.bob.client.chat.removeMember.mutate({ chatId, userId: staff.alice.id });
  await shows(names, 'bob Member', 'gina Guest');
  const second = await group(staff.alice, gina);
  await shows(names, 'Alice B Owner', 'bob Member', 'gina Guest');
  await staff.alice.client.chat.delete.mutate({ chatId: second });
  await shows(names, 'bob Member', 'gina Guest');
  await staff.bob.client.chat.removeMember.mutate({ chatId, userId: gina.id });
  await shows(names, 'gina Guest');
  expect(store.workspaces.getSnapshot()).toMatchObject([{ id: workspaceId, role: 'Guest' }]);
});

test('a store reads its data again when its person becomes a Guest, and when that role ends', async () => {
  const { store, names } = await storeOf(gina);
  const messages = store.messages(chatId);
  messages.subscribe(() => {});
  await shows(names, 'bob Member', 'gina Guest');
  const hal = await scene.signUp('hal');
  const { token } = await staff.alice.client.workspace.invite.mutate({ workspaceId, role: 'Guest' });
  await hal.client.workspace.acceptInvite.mutate({ token });
  await setRole(gina, 'Member');
  await shows(names, 'alice Owner', 'bob Member', 'gina Member', 'hal Guest');
  await rename(staff.alice, 'Alice B');
  await shows(names, 'Alice B Owner', 'bob Member', 'gina Member', 'hal Guest');
  await setRole(gina, 'Guest');
  await shows(names, 'bob Member', 'gina Guest');
  await rename(staff.alice, 'Alice C');
  await send(staff.bob, 'after all that');
  await until(
    () => messages.getSnapshot().entries.at(-1)?.message?.content === 'after all that',
    'the message is shown',
  );
  expect(names()).toEqual(['bob Member', 'gina Guest']);
});

test('a role that changes while its person is offline is known on return', async () => {
  const { names } = await storeOf(gina);
  await shows(names, 'bob Member', 'gina Guest');
  gina.toNotify.cut();
  await rename(staff.alice, 'Alice B');
  await setRole(gina, 'Member');
  await rename(staff.alice, 'Alice C');
  gina.toNotify.restore();
  await shows(names, 'Alice C Owner', 'bob Member', 'gina Member');
  gina.toNotify.cut();
  await setRole(gina, 'Guest');
  await rename(staff.bob, 'Bob B');
  gina.toNotify.restore();
  await shows(names, 'Bob B Member', 'gina Guest');
});
