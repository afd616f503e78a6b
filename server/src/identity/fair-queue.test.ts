import { expect, test } from 'vitest';
import { FairQueue } from './fair-queue.ts';

function filled(...items: readonly (readonly [path: string, item: string])[]) {
  const queue = new FairQueue<string>();
  for (const [path, item] of items) queue.push(path.split('/'), item);
  return queue;
}
function emptied(queue: FairQueue<string>): string[] {
  const items = [];
  for (let item = queue.shift(); item !== undefined; item = queue.shift()) items.push(item);
  expect(queue.size).toBe(0);
  return items;
}

test('lanes take turns, at every level, and within one it is first come, first served', () => {
  const queue = filled(
    ['a/1', 'a1'],
    ['a/1', 'a1 again'],
    ['a/2', 'a2'],
    ['b/1', 'b1'],
    ['b/1', 'b1 again'],
    ['c/1', 'c1'],
  );
  expect(queue.size).toBe(6);
  expect(emptied(queue)).toEqual(['a1', 'b1', 'c1', 'a2', 'b1 again', 'a1 again']);
});

test('a caller who meets a full queue replaces the newest of the largest lane', () => {
  const queue = filled(['a/1', '1'], ['a/2', '2'], ['a/2', '3'], ['b/1', '4']);
  expect(queue.displace(['c', '1'])).toBe('3');
  expect(queue.displace(['c', '1'])).toBe('2');
  // One each: no lane has more than the newcomer's would have.
  expect(queue.displace(['c', '1'])).toBeUndefined();
  expect(emptied(queue)).toEqual(['1', '4']);
});

test('within its own lane, too, and never for one that has as many', () => {
  const queue = filled(['a/1', '1'], ['a/1', '2'], ['a/1', '3'], ['a/2', '4'], ['b/1', '5']);
  expect(queue.displace(['a', '1'])).toBeUndefined();
  expect(queue.displace(['a', '2'])).toBe('3');
  expect(queue.displace(['a', '3'])).toBe('2');
  expect(queue.displace(['a', '3'])).toBeUndefined();
  expect(queue.displace([])).toBe('4');
  expect(emptied(queue)).toEqual(['1', '5']);
});

test('an empty queue returns nothing', () => {
  const queue = new FairQueue<string>();
  expect([queue.shift(), queue.displace(['a']), queue.displace([]), queue.size]).toEqual([
    undefined,
    undefined,
    undefined,
    0,
  ]);
});
