import type { PresenceSignal } from '@fechatter/contract';
import type { Queryable } from '@fechatter/drizzle';
import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Connection } from '../hub/connection.ts';
import { newStreamId } from '../hub/stream-id.ts';
import { keepingTransport, madeUpHub } from '../testing/made-up-hub.ts';
import { WriteTurn } from '../transport/write-turn.ts';
import type { Frame } from '../wire/frame.ts';
import { sendChanges } from './send-changes.ts';
import { Watches } from './watches.ts';

const OTHERS = 100;

test('the cost of a stream does not depend on how many others watch the same person', async () => {
  const userId = randomUUID();
  let presence: PresenceSignal['presence'] = 'online';
  /** Of how many pairs it was asked who sees whom, each time. */
  const queried: number[] = [];
  const query = ({ name, values }: { name: string; values: string[][] }) => {
    const [first = [], second = []] = values;
    if (name === 'notify-presence')
      return Promise.resolve({ rows: [{ userId, presence, emoji: null, text: null, expiresAt: null }] });
    queried.push(first.length);
    return Promise.resolve({ rows: first.map((viewerId, at) => ({ viewerId, userId: second[at] })) });
  };
  const watches = new Watches();
  const frames: Frame[] = [];
  const watchBy = () => {
    const reader = { userId: randomUUID(), connections: new Set() };
    const known = { reader, streamId: newStreamId(), takesSignals: true, transport: keepingTransport(frames) };
    watches.set(known as unknown as Connection, [userId], '1');
  };
  const options = { db: { query } as unknown as Queryable, hub: madeUpHub(), turn: new WriteTurn(() => true), watches };
  const send = (checksAccess = false) => sendChanges(options, [userId], checksAccess);
  for (let other = 0; other < OTHERS; other++) watchBy();
  await send();
  watchBy();
  await send();
  await send();
  expect([queried, frames.length]).toEqual([[OTHERS, 1], OTHERS + 1]);
  // What has changed concerns them all; and who still sees the person is checked now and then.
  presence = 'idle';
  await send();
  await send(true);
  expect([queried.slice(2), frames.length]).toEqual([[OTHERS + 1, OTHERS + 1], 2 * (OTHERS + 1)]);
});
