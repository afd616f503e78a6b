import { expect, test } from 'vitest';
import { BatchedReads } from './batched-reads.ts';

interface Query {
  readonly keys: readonly string[];
  readonly resolve: (value: string) => void;
  readonly fail: (error: Error) => void;
}

function heldReads() {
  const queries: Query[] = [];
  const reads = new BatchedReads<string>(
    (keys) =>
      new Promise((resolve, reject) => {
        queries.push({ keys, resolve: (value) => resolve(new Map(keys.map((key) => [key, value]))), fail: reject });
      }),
  );
  return { reads, queries };
}

test('requests during a query are read together by a later one', async () => {
  const { reads, queries } = heldReads();
  const first = reads.read('a');
  const [again, other] = [reads.read('a'), reads.read('b')];
  expect(queries.map(({ keys }) => keys)).toEqual([['a']]);
  queries[0]?.resolve('old');
  expect(await first).toBe('old');
  expect(queries.map(({ keys }) => keys)).toEqual([['a'], ['a', 'b']]);
  queries[1]?.resolve('new');
  expect(await Promise.all([again, other])).toEqual(['new', 'new']);
});

test('thousands of requests at once are read in batches of 200', async () => {
  const sizes: number[] = [];
  const reads = new BatchedReads((keys) => {
    sizes.push(keys.length);
    return Promise.resolve(new Map(keys.map((key) => [key, key])));
  });
  const keys = Array.from({ length: 1_001 }, (_, index) => `${index}`);
  expect(await Promise.all(keys.map((key) => reads.read(key)))).toEqual(keys);
  expect(sizes).toEqual([1, 200, 200, 200, 200, 200]);
});

test('a query that fails rejects only its own requests', async () => {
  const { reads, queries } = heldReads();
  const first = reads.read('a');
  const second = reads.read('b');
  queries[0]?.fail(new Error('the database is away'));
  await expect(first).rejects.toThrow('away');
  queries[1]?.resolve('there');
  expect(await second).toBe('there');
});
