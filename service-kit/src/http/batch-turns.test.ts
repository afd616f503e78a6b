import { limits } from '@fechatter/contract';
import { expect, test } from 'vitest';
import { gate } from '../testing/index.ts';
import { batchTurns } from './batch-turns.ts';

test('of a large batch four calls run at once; a small one needs no turns', async () => {
  expect([1, 4, 5].map((calls) => batchTurns(calls) !== undefined)).toEqual([false, false, true]);
  const turns = batchTurns(20);
  const door = gate();
  let running = 0;
  let most = 0;
  const calls = Array.from({ length: 20 }, () =>
    turns?.run(true, async () => {
      most = Math.max(most, ++running);
      await door.opened;
      running--;
      return { ok: true, data: null };
    }),
  );
  door.open();
  expect(await Promise.all(calls)).toHaveLength(20);
  expect(most).toBe(4);
});

test('answers that are too long together are refused from there on, and no change is', async () => {
  const turns = batchTurns(20);
  const page = { ok: true, data: 'x'.repeat(limits.answerMaxBytes - 100) };
  const reads = await Promise.allSettled(
    Array.from({ length: 6 }, () => turns?.run(true, () => Promise.resolve(page))),
  );
  expect(reads.map(({ status }) => status)).toEqual([...Array(3).fill('fulfilled'), ...Array(3).fill('rejected')]);
  expect(reads[5]).toMatchObject({ reason: { reason: 'batch_too_large' } });
  const done = { ok: true, data: 'done' };
  expect(await turns?.run(false, () => Promise.resolve(done))).toBe(done);
});
