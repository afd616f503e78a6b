import { encodeCursor } from '@fechatter/contract';
import { currentCursor, openDatabase, type Queryable } from '@fechatter/drizzle';
import { databaseAccess, principalOf } from '@fechatter/service-kit';
import { silentLog, testConfig } from '@fechatter/service-kit/testing';
import { expect, test } from 'vitest';
import { createStreams } from '../start-streams.ts';
import { eventually } from '../testing/awaited-facts.ts';
import { keepingTransport } from '../testing/made-up-hub.ts';
import { testWorld } from '../testing/world.ts';
import { attach } from './attach.ts';

const SLOTS = 8;

test('a stream that closes while it waits for its turn makes no query', async () => {
  await using world = await testWorld();
  const config = testConfig('notify', {
    FECHATTER_DATABASE_URL: world.database.url,
    FECHATTER_ENCRYPTION_KEYS: `1:${Buffer.alloc(32, 1).toString('base64')}`,
  });
  const access = databaseAccess(config);
  const db = openDatabase(access);
  const alice = await world.person();
  const token = encodeCursor(await currentCursor(world.db.pool));
  await world.chat(await world.workspace(alice), [alice]);
  await world.database.query('select log_step()');
  const streams = createStreams({ config, access, db, log: silentLog(), ringRows: 0 });
  streams.follow({ lag: { observe: () => {} }, clockOffsetMs: () => undefined });
  await eventually(() => streams.hub.isFresh);

  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const holders = Array.from({ length: SLOTS }, (_, at) => streams.slots.run(`holder ${at}`, () => held));
  const queries: string[] = [];
  const query = (statement: { readonly name: string }) => {
    queries.push(statement.name);
    return db.pool.query(statement as never);
  };
  let leave = () => {};
  const transport = { ...keepingTransport([]), onClose: (listener: () => void) => void (leave = listener) };
  const request = { principal: principalOf({ userId: alice.id, sessionId: alice.sessionId }), token };
  const attached = attach({ ...streams, db: { query } as unknown as Queryable }, request, transport);
  await eventually(() => streams.slots.waiting === 1);
  leave();
  release();
  await Promise.all([attached, ...holders]);
  expect(queries).toEqual([]);
  expect(streams.slots.running + streams.slots.waiting).toBe(0);
  await streams.stop();
  await db.close();
});
