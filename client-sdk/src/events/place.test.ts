import { encodeCursor } from '@fechatter/contract';
import { expect, test } from 'vitest';
import { comparePlaces } from './place.ts';

test('known positions in the log can be compared', () => {
  const token = (pos: number, nonce = 7) => encodeCursor({ pos, nonce });
  for (const [one, other] of [
    [1, 2],
    [255, 256],
    [65_535, 65_536],
    [2 ** 40, 2 ** 52],
  ] as const) {
    expect(comparePlaces(token(one), token(other))).toBe(-1);
    expect(comparePlaces(token(other), token(one))).toBe(1);
  }
  expect(comparePlaces(token(3), token(3))).toBe(0);
  for (const other of [token(3, 8), 'of another release', `Ag${token(3).slice(2)}`, undefined])
    expect(comparePlaces(token(3), other)).toBeUndefined();
});
