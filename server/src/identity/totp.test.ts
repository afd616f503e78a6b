import { expect, test } from 'vitest';
import { newTotpSecret, totpStepOf } from './totp.ts';

test.each(['１２３４５６', '12345é', '😀😀😀', '12345', '1234567', ' 12345', ''])('%j is a code of no step', (code) => {
  expect(totpStepOf(newTotpSecret(), code, 1_800_000_000_000)).toBeUndefined();
});
