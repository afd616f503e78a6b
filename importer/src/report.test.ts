import { expect, test } from 'vitest';
import { Problems } from './report.ts';

test('problems of any number are counted in bounded memory', () => {
  const problems = new Problems();
  for (let n = 0; n < 1_000; n++) problems.add(`reason ${n % 300}`, 'x'.repeat(1_000));
  const list = problems.list();
  expect(list).toHaveLength(201);
  expect(list.reduce((sum, { count }) => sum + count, 0)).toBe(1_000);
  expect(list[0]).toMatchObject({ reason: 'other problems' });
  expect(list.every(({ examples }) => examples.length <= 5 && examples.every((one) => one.length === 200))).toBe(true);
});
