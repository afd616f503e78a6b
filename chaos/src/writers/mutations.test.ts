import { expect, test } from 'vitest';
import { inCast, mutations, notInCast } from './mutations.ts';

test('every mutation of the contract is in the cast, or excluded with a reason', () => {
  expect([...inCast, ...Object.keys(notInCast)].sort()).toEqual(mutations);
});
