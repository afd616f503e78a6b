import { expect, test } from 'vitest';
import { until } from '@fechatter/testing/until';
import { slices } from './slice.ts';

test('a listener that throws stops no other listener, and is reported once', async () => {
  const errors: unknown[] = [];
  let notified = 0;
  const slice = slices((error) => errors.push(error))(() => 1);
  slice.subscribe(() => {
    throw new Error('a listener of the app');
  });
  slice.subscribe(() => {
    notified += 1;
  });
  slice.invalidate();
  await until(() => notified === 1, 'the other listener is notified');
  expect(errors).toEqual([new Error('a listener of the app')]);
});
