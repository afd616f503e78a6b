import { encodeCursor } from '@fechatter/contract';
import { currentCursor, openDatabase } from '@fechatter/drizzle';
import { databaseAccess, principalOf } from '@fechatter/service-kit';
import { silentLog, testConfig } from '@fechatter/service-kit/testing';
import { afterAll, expect, test } from 'vitest';
import type { Transport } from '../transport/transport.ts';
import { createStreams } from '../start-streams.ts';
import { eventually } from '../testing/awaited-facts.ts';
import { keepingTransport } from '../testing/made-up-hub.ts';
import { type Person, testWorld } from '../testing/world.ts';
import type { Frame } from '../wire/frame.ts';
import { attach } from './attach.ts';

const STOPPED = 20;
const MISSED = 600;
const CONTENT = 'x'.repeat(1_000);
/** What is written before the socket is checked, and a frame. */
const WRITTEN_MAX_BYTES = 32_768 + 4_000;

const world = await testWorld();
afterAll(() => world[Symbol.asyncDispose]());

/** A reader that reads nothing: frames sent to it wait for ever. */
function stoppedTransport(): { readonly transport: Transport; readonly bytes: () => number } {
  let bytes = 0;
  const transport: Transport = {
    ...keepingTransport([]),
    send: (frame) => void (bytes += frame.trpc.length),
    bytesOf: (frame) => frame.trpc.length,
    isBackedUp: true,
    drained: () => new Promise(() => {}),
  };
  return { transport, bytes: () => bytes };
}

test.each([
  ['from memory', 100_000],
  ['from the log', 0],
])('readers that stop in their replay %s occupy no slot and no window, and delay no others', async (_, ringRows) => {
  const config = testConfig('notify', {
    FECHATTER_DATABASE_URL: world.database.url,
    FECHATTER_ENCRYPTION_KEYS: `1:${Buffer.alloc(32, 1).toString('base64')}`,
  });
  const access = databaseAccess(config);
  const db = openDatabase(access);
  const people: Person[] = [];
  for (let at = 0; at <= STOPPED; at++) people.push(await world.person());
  const [healthy, ...stopped] = people as [Person, ...Person[]];
  const chat = await world.chat(await world.workspace(...people), people);
  await eventually(async () => {
    await world.database.query('select log_step()');
    const [logged] = await world.database.query<{ n: number }>('select count(*)::int as n from event_log');
    return (await currentCursor(world.db.pool)).pos >= (logged?.n ?? 0);
  });
  const token = encodeCursor(await currentCursor(world.db.pool));
  await world.sendMany(chat, healthy, MISSED, CONTENT);
  await world.database.query('select log_step()');
  const streams = createStreams({ config, access, db, log: silentLog(), ringRows });
  streams.follow({ lag: { observe: () => {} }, clockOffsetMs: () => undefined });
  await eventually(() => streams.hub.isFresh);

  let isOver = false;
  const transports = stopped.map(({ id: userId, sessionId }) => {
    const one = stoppedTransport();
    // On a busy machine the database may be slow to respond: like a client, it tries again.
    const stay = async (): Promise<void> => {
      await attach(streams, { principal: principalOf({ userId, sessionId }), token }, one.transport).catch(() => {});
      if (!isOver && one.bytes() === 0) await stay();
    };
    void stay();
    return one;
  });
  await eventually(() => transports.every(({ bytes }) => bytes() > 0) && streams.slots.running === 0);
  for (const { bytes } of transports) expect(bytes()).toBeLessThan(WRITTEN_MAX_BYTES);

  const frames: Frame[] = [];
  const principal = principalOf({ userId: healthy.id, sessionId: healthy.sessionId });
  await attach(streams, { principal, token }, keepingTransport(frames));
  const seqs = frames.flatMap(({ tracked }) => (tracked?.event.kind === 'message.created' ? [tracked.event.seq] : []));
  expect(seqs).toEqual(Array.from({ length: MISSED }, (_, index) => index + 2));
  expect(streams.slots.running + streams.slots.waiting).toBe(0);
  isOver = true;
  await streams.stop();
  await db.close();
});
