import { expect, test } from 'vitest';
import { drawRandom } from './random-pool.ts';

test('no bytes are returned twice, and returned bytes do not change', () => {
  const all = Array.from({ length: 3_000 }, () => drawRandom(12));
  const before = all.map((bytes) => bytes.toString('hex'));
  drawRandom(8_192);
  expect(new Set(before).size).toBe(3_000);
  expect(all.map((bytes) => bytes.toString('hex'))).toEqual(before);
  expect(all.every(({ length }) => length === 12)).toBe(true);
});
