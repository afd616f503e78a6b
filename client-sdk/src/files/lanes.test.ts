import { expect, test } from 'vitest';
import { Lanes } from './lanes.ts';

/** Calls that end when the test ends them. */
function calls(lanes: Lanes, count: number) {
  const begun: number[] = [];
  const ends: ((error?: Error) => void)[] = [];
  const results = Array.from({ length: count }, (_, n) =>
    lanes
      .run(
        () =>
          new Promise<string>((resolve, reject) => {
            begun.push(n);
            ends[n] = (error) => (error === undefined ? resolve('sent') : reject(error));
          }),
      )
      .catch(({ message }: Error) => message),
  );
  return { begun, results, end: (n: number, error?: Error) => (ends[n]?.(error), results[n]) };
}

test('several parts are sent at once as long as none fails', async () => {
  const { begun, end } = calls(new Lanes(3), 5);
  expect(begun).toEqual([0, 1, 2]);
  expect(await end(1)).toBe('sent');
  await expect.poll(() => begun).toEqual([0, 1, 2, 3]);
  expect(await end(3)).toBe('sent');
  await expect.poll(() => begun).toEqual([0, 1, 2, 3, 4]);
});

test('after a failure parts are sent one after the other', async () => {
  const lanes = new Lanes(3);
  const { begun, end, results } = calls(lanes, 6);
  expect(await end(0, new Error('too slow'))).toBe('too slow');
  expect(await end(2, new Error('too slow'))).toBe('too slow');
  expect(await end(1)).toBe('sent');
  for (const n of [3, 4, 5]) {
    await expect.poll(() => begun).toHaveLength(n + 1);
    expect(begun.at(-1)).toBe(n);
    await end(n);
  }
  expect(await Promise.all(results)).toEqual(['too slow', 'sent', 'too slow', 'sent', 'sent', 'sent']);
});
