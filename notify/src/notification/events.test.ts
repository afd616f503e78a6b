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

test('the stock client gets what happens, live and in order, and continues where it was', async () => {
  const [alice, bob] = [await world.person('Alice'), await world.person('Bob')];
  const workspace = await world.workspace(alice, bob);
  const chat = await world.chat(workspace, [alice, bob]);
  using stream = stockStream({ url, token: alice.token });
  const ready = await stream.until((events) => events[0]);
  expect(ready).toMatchObject({ kind: 'ready', resumed: false });
  for (const content of ['one', 'two', 'three']) await world.send(chat, bob, content);
  await stream.until((events) => events.length >= 4);
  expect(stream.events.slice(1)).toMatchObject([
    { kind: 'message.created', seq: 2, message: { content: 'one', sender: { name: 'Bob' }, number: 1 } },
    { kind: 'message.created', seq: 3, message: { content: 'two' } },
    { kind: 'message.created', seq: 4, message: { content: 'three' } },
  ]);

  using again = stockStream({ url, token: alice.token, lastEventId: stream.ids[1] ?? '' });
  await again.until((events) => events.length >= 3);
  expect(again.events).toMatchObject([
    { message: { content: 'two' } },
    { message: { content: 'three' } },
    { kind: 'ready', resumed: true },
  ]);
});
