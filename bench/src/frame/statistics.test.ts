import { expect, test } from 'vitest';
import { isReached, percentile, ratioOf, summaryOf } from './statistics.ts';

test('a summary is the median and how far the runs lie apart', () => {
  expect(summaryOf([9, 1, 5])).toEqual({ median: 5, min: 1, max: 9 });
  expect(summaryOf([1, 3])).toEqual({ median: 2, min: 1, max: 3 });
});

test('a percentile is a number that was measured', () => {
  const numbers = Array.from({ length: 1_000 }, (_, index) => index + 1);
  expect(percentile(numbers, 0.99)).toBe(991);
  expect(percentile([7], 0.999)).toBe(7);
});

test('a ratio is computed per round, so that a disturbance of a round affects both values', () => {
  const ours = {
    name: 'ours',
    unit: 'ms',
    runs: [10, 40, 12],
    reference: 'theirs',
    target: { of: 'ratio', atMost: 2 },
  } as const;
  const theirs = { name: 'theirs', unit: 'ms', runs: [5, 20, 6] };
  expect(ratioOf(ours, [ours, theirs])).toEqual({ median: 2, min: 2, max: 2 });
  expect(isReached(ours, [ours, theirs])).toBe(true);
});

test('a target without its reference is neither reached nor missed', () => {
  const ours = {
    name: 'ours',
    unit: 'ms',
    runs: [10],
    reference: 'theirs',
    target: { of: 'ratio', atMost: 2 },
  } as const;
  expect(isReached(ours, [ours])).toBeUndefined();
});
