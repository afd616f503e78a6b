import { expect, test } from 'vitest';
import { until } from '@fechatter/testing/until';
import { slices } from './slice.ts';

test('a listener that throws stops no other one, and is reported once', async () => {
  const errors: unknown[] = [];
  let told = 0;
  const slice = slices((error) => errors.push(error))(() => 1);
  slice.subscribe(() => {
    throw new Error('a listener of the app');
  });
  slice.subscribe(() => {
    told += 1;
  });
  slice.invalidate();
  await until(() => told === 1, 'the other one is told');
  expect(errors).toEqual([new Error('a listener of the app')]);
});
