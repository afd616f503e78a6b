import { expect, test } from 'vitest';
import { ReactionTable } from './reaction-table.ts';

test('the reactions of a message are found by kind, in their order, however many there are', () => {
  const table = new ReactionTable();
  // Not in the order of the messages.
  for (let n = 0; n < 20_000; n++) table.add((n * 7_919) % 5_000, n, n % 3 === 0 ? '👍' : ':parrot:');
  const expected = new Map<string, string[]>();
  for (let n = 0; n < 20_000; n++) {
    if ((n * 7_919) % 5_000 !== 4_999) continue;
    const emoji = n % 3 === 0 ? '👍' : ':parrot:';
    expected.set(emoji, [...(expected.get(emoji) ?? []), String(n)]);
  }
  expect(table.of(4_999)).toEqual([...expected].map(([emoji, people]) => ({ emoji, people })));
  expect(expected.size).toBe(2);
  expect([-1, 0.5, 5_000, Number.NaN].map((message) => table.of(message))).toEqual([[], [], [], []]);
  expect(new ReactionTable().of(1)).toEqual([]);
});
