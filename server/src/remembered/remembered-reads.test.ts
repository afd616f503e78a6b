import { until } from '@fechatter/testing/until';
import { expect, test } from 'vitest';
import { Drops } from './drops.ts';
import { type Reading, RememberedReads } from './remembered-reads.ts';

const ENTRY_BYTES = 100;

/** Reads that count themselves. */
function stage({ seconds = 60, bytesMax = 10 * ENTRY_BYTES, knows = true } = {}) {
  const drops = new Drops();
  const state = { knows };
  const reads = new RememberedReads<number>({
    seconds,
    bytesMax,
    bytesOf: () => ENTRY_BYTES,
    drops,
    knowsRevocations: () => state.knows,
  });
  let count = 0;
  const read = (reader: string, more: Partial<Reading<number>> = {}) =>
    reads.read({
      key: reader,
      about: [reader],
      isFreshWanted: false,
      read: () => Promise.resolve(++count),
      ...more,
    });
  return { drops, reads, read, state };
}

test('a result is used again, for its own reader only', async () => {
  const { reads, read } = stage();
  expect([await read('alice'), await read('alice'), await read('bob'), await read('bob')]).toEqual([1, 1, 2, 2]);
  expect(reads.counts).toEqual({ hits: 2, misses: 2, entries: 2 });
});

test('without seconds nothing is remembered', async () => {
  const { reads, read } = stage({ seconds: 0 });
  expect([await read('alice'), await read('alice')]).toEqual([1, 2]);
  expect(reads.counts.entries).toBe(0);
});

test('a caller that accepts nothing remembered renews it', async () => {
  const { read } = stage();
  await read('alice');
  expect(await read('alice', { isFreshWanted: true })).toBe(2);
  expect(await read('alice')).toBe(2);
});

test('a drop ends what is about that person, and a drop of all ends everything', async () => {
  const { drops, read } = stage();
  const ofBoth = { key: 'alice sees bob', about: ['alice', 'bob'] };
  expect([await read('alice'), await read('alice', ofBoth)]).toEqual([1, 2]);
  drops.drop('bob');
  expect([await read('alice'), await read('alice', ofBoth)]).toEqual([1, 3]);
  drops.dropAll();
  expect([await read('alice'), await read('alice', ofBoth)]).toEqual([4, 5]);
});

test('a read during which its person changed something is not remembered', async () => {
  const { drops, read } = stage();
  const changed = read('alice', {
    read: async () => {
      drops.drop('alice');
      return Promise.resolve(100);
    },
  });
  expect(await changed).toBe(100);
  expect(await read('alice')).toBe(1);
});

test('what is dropped while it is looked at is not used', async () => {
  const { drops, read } = stage();
  await read('alice');
  const isUsable = () => {
    drops.drop('alice');
    return Promise.resolve(true);
  };
  expect(await read('alice', { isUsable })).toBe(2);
});

test('what is not usable any more is read again', async () => {
  const { read } = stage();
  await read('alice');
  expect(await read('alice', { isUsable: () => Promise.resolve(false) })).toBe(2);
  expect(await read('alice', { isUsable: () => Promise.resolve(true) })).toBe(2);
});

test('nothing remembered is used while this process may not know what was taken away', async () => {
  const { read, state } = stage();
  await read('alice');
  state.knows = false;
  expect(await read('alice')).toBe(2);
  state.knows = true;
  expect(await read('alice')).toBe(2);
});

test('all together stay below their bound, and those that were there stay', async () => {
  const { reads, read } = stage({ bytesMax: 3 * ENTRY_BYTES });
  for (let reader = 0; reader < 50; reader++) await read(`${reader}`);
  expect(reads.counts.entries).toBe(3);
  expect([await read('0'), await read('2'), await read('49')]).toEqual([1, 3, 51]);
});

test('what has expired makes room', async () => {
  const { reads, read } = stage({ bytesMax: ENTRY_BYTES, seconds: 0.05 });
  await read('alice');
  await until(async () => (await read('bob')) === (await read('bob')), 'bob’s is remembered in place of alice’s');
  expect(reads.counts.entries).toBe(1);
});

test('a forgotten drop ends everything that is as old', async () => {
  const { drops, read } = stage();
  await read('alice');
  drops.drop('alice');
  for (let person = 0; person <= 100_000; person++) drops.drop(`${person}`);
  expect(await read('alice')).toBe(2);
});
