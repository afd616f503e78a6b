import { afterAll, expect, test } from 'vitest';
import { stockStream } from '../testing/stock-client.ts';
import { testWorld } from '../testing/world.ts';

const world = await testWorld();
const notify = await world.notify();
const url = () => notify.url;
afterAll(async () => {
  await notify.close();
  await world[Symbol.asyncDispose]();
});

test('the stock client receives events live and in order, and resumes', async () => {
  const [alice, bob] = [await world.person('Alice'), await world.person('Bob')];
  const workspace = await world.workspace(alice, bob);
  const chat = await world.chat(workspace, [alice, bob]);
  using stream = stockStream({ url, token: alice.token });
  const ready = await stream.until((events) => events[0]);
  expect(ready).toMatchObject({ kind: 'ready', resumed: false });
  for (const content of ['one', 'two', 'three']) await world.send(chat, bob, content);
  // Rows that were committed just before may still arrive: "now" is the instance's position.
  const created = () => stream.events.filter(({ kind }) => kind === 'message.created');
  await stream.until(() => created().length >= 3 || undefined);
  expect(created()).toMatchObject([
    { kind: 'message.created', seq: 2, message: { content: 'one', sender: { name: 'Bob' }, number: 1 } },
    { kind: 'message.created', seq: 3, message: { content: 'two' } },
    { kind: 'message.created', seq: 4, message: { content: 'three' } },
  ]);

  using again = stockStream({ url, token: alice.token, lastEventId: stream.ids[stream.events.length - 3] ?? '' });
  await again.until((events) => events.length >= 3);
  expect(again.events).toMatchObject([
    { message: { content: 'two' } },
    { message: { content: 'three' } },
    { kind: 'ready', resumed: true },
  ]);
});

test('the stock client survives a restart: it resumes on another instance with the id of the last ping', async () => {
  const alice = await world.person('Alice');
  const chat = await world.chat(await world.workspace(alice), [alice]);
  let instance = await world.notify({ pingMs: 20 });
  using stream = stockStream({ url: () => instance.url, token: alice.token });
  await stream.until((events) => events.find(({ kind }) => kind === 'ready'));
  await world.send(chat, alice, 'before');
  await stream.until((events) => events.find(({ kind }) => kind === 'message.created'));
  await instance.close();
  await world.send(chat, alice, 'meanwhile');
  instance = await world.notify({ pingMs: 20 });
  await stream.until((events) => events.filter(({ kind }) => kind === 'ready').length === 2);
  await world.send(chat, alice, 'after');
  await stream.until((events) => events.filter(({ kind }) => kind === 'message.created').length === 3);
  const contents = stream.events.flatMap((event) => (event.kind === 'message.created' ? event.message.content : []));
  expect(contents).toEqual(['before', 'meanwhile', 'after']);
  expect(stream.events.filter(({ kind }) => kind === 'ready').at(-1)).toMatchObject({ resumed: true });
  await instance.close();
});
