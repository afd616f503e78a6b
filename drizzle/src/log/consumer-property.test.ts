import { chanceOf } from '@fechatter/testing/chance';
import type pg from 'pg';
import { expect, test } from 'vitest';
import { type Database, openDatabase } from '../database.ts';
import { toyConsumer } from '../testing/toy-consumer.ts';
import { toyWorld } from '../testing/toy-world.ts';
import { stepConsumer } from './consumer.ts';

const ROUNDS = 80;
const STATEMENTS_OF_A_STEP = 10;

/** A database whose connection is lost directly before the statement that `cutAt` names; 0: never. */
function fragileDatabase(url: string): { readonly db: Database; cutAt: number } {
  const worker = { db: openDatabase({ url, applicationName: 'toy', poolSize: 1 }), cutAt: 0 };
  worker.db.pool.on('connect', (client: pg.PoolClient) => {
    const query = client.query.bind(client) as (...args: unknown[]) => unknown;
    client.query = ((...args: unknown[]) => {
      worker.cutAt--;
      if (worker.cutAt === 0) {
        // pg declares no type for its stream.
        (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
      }
      return query(...args);
    }) as typeof client.query;
  });
  return worker;
}

test.each([1, 2])(
  'over cuts, pruning and restores, each event has its effect once or is in a recorded reset (seed %i)',
  { timeout: 240_000 },
  async (seed) => {
    const chance = chanceOf(seed);
    await using world = await toyWorld();
    const workers = [fragileDatabase(world.database.url), fragileDatabase(world.database.url)];
    const step = (worker: (typeof workers)[number]) => stepConsumer(worker.db, toyConsumer).catch(() => undefined);
    try {
      for (let round = 0; round < ROUNDS; round++) {
        const move = chance.below(20);
        if (move === 0) await world.restore();
        else if (move === 1) await world.prune();
        else await world.log(1 + chance.below(8));
        for (const worker of workers) worker.cutAt = chance.hits(0.5) ? 1 + chance.below(STATEMENTS_OF_A_STEP) : 0;
        await Promise.all(workers.map(step));
      }
      for (const worker of workers) worker.cutAt = 0;
      for (let did = ''; did !== 'nothing'; ) ({ did } = await stepConsumer(world.db, toyConsumer));
      expect(await world.wrong()).toEqual([]);
      expect((await world.resets()).length).toBeGreaterThan(2);
    } finally {
      for (const { db } of workers) await db.close();
    }
  },
);
