import { encodeCursor } from '@fechatter/contract';
import { currentCursor } from '@fechatter/drizzle';
import { afterAll, expect, test } from 'vitest';
import { eventually } from '../testing/awaited-facts.ts';
import { stockStream } from '../testing/stock-client.ts';
import { testWorld } from '../testing/world.ts';

const world = await testWorld();
// Nothing is in memory: a replay reads the current state.
const notify = await world.notify({ ringRows: 0 });
afterAll(async () => {
  await notify.close();
  await world[Symbol.asyncDispose]();
});

test('an old mark does not tell a former member how much was written since they left', async () => {
  const [alice, bob] = [await world.person(), await world.person()];
  const workspace = await world.workspace(alice, bob);
  const chat = await world.chat(workspace, [alice, bob]);
  const caughtUp = () =>
    eventually(async () => {
      const { pos } = await currentCursor(world.db.pool);
      const [logged] = await world.database.query<{ n: number }>('select count(*)::int as n from event_log');
      return pos >= (logged?.n ?? Number.POSITIVE_INFINITY);
    });
  await caughtUp();
  const lastEventId = encodeCursor(await currentCursor(world.db.pool));
  await world.append({ kind: 'chat.read', userId: alice.id, chatId: chat.id });
  await world.leave(chat, alice);
  await world.sendMany(chat, bob, 3);
  await caughtUp();
  using stream = stockStream({ url: () => notify.url, token: alice.token, lastEventId });
  const read = await stream.until((events) => events.find(({ kind }) => kind === 'chat.read'));
  expect(read).toMatchObject({ chatId: chat.id, unreadCount: 0, lastReadNumber: 0, markVersion: 0 });
});
