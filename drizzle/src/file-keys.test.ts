import fc from 'fast-check';
import { randomBytes, randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { createFileKeys } from './file-keys.ts';

const ring = [
  { id: 2, key: randomBytes(32) },
  { id: 1, key: randomBytes(32) },
];
const keys = createFileKeys(ring);

test('a key is unwrapped only for its file, and any change is detected', () => {
  const fileId = randomUUID();
  const key = keys.make();
  const wrapped = keys.wrap(fileId, key);
  expect(wrapped).toHaveLength(62);
  expect(keys.unwrap(fileId, wrapped).equals(key)).toBe(true);
  expect(wrapped.includes(key)).toBe(false);
  expect(() => keys.unwrap(randomUUID(), wrapped)).toThrow();
  fc.assert(
    fc.property(fc.nat(61), fc.integer({ min: 1, max: 255 }), (at, flip) => {
      const changed = Buffer.from(wrapped);
      changed[at] = (changed[at] ?? 0) ^ flip;
      expect(() => keys.unwrap(fileId, changed)).toThrow();
    }),
  );
  for (const length of [0, 2, 14, 61]) expect(() => keys.unwrap(fileId, wrapped.subarray(0, length))).toThrow();
});

test('the first key of the ring wraps, and every key unwraps', () => {
  const fileId = randomUUID();
  const key = keys.make();
  const before = createFileKeys(ring.slice(1)).wrap(fileId, key);
  expect(before.readUInt16BE(0)).toBe(1);
  expect(keys.unwrap(fileId, before).equals(key)).toBe(true);
  expect(keys.wrap(fileId, key).readUInt16BE(0)).toBe(2);
  expect(() => createFileKeys(ring.slice(0, 1)).unwrap(fileId, before)).toThrow('key 1 is not in the ring');
});
