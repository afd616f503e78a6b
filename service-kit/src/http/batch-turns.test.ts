import { expect, test } from 'vitest';
import { gate } from '../testing/index.ts';
import { batchTurns } from './batch-turns.ts';

test('of a large batch four calls run at once; a small one needs no turns', async () => {
  expect([1, 4, 5].map((calls) => batchTurns(calls) !== undefined)).toEqual([false, false, true]);
  const turns = batchTurns(20) ?? ((call) => call());
  const opening = gate();
  let running = 0;
  let most = 0;
  const calls = Array.from({ length: 20 }, () =>
    turns(async () => {
      most = Math.max(most, ++running);
      await opening.opened;
      running--;
    }),
  );
  opening.open();
  expect(await Promise.all(calls)).toHaveLength(20);
  expect(most).toBe(4);
});
