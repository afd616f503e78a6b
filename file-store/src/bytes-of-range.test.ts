import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytesOfRange } from './bytes-of-range.ts';

test.each([
  [undefined, undefined],
  ['bytes=0-0', { start: 0, end: 1 }],
  ['bytes=90-', { start: 90, end: 100 }],
  ['bytes=90-1000', { start: 90, end: 100 }],
  ['bytes=-10', { start: 90, end: 100 }],
  ['bytes=-1000', { start: 0, end: 100 }],
  ['bytes=-0', 'unsatisfiable'],
  ['bytes=100-', 'unsatisfiable'],
  ['bytes=5-4', undefined],
  ['bytes=0-1,3-4', undefined],
  ['bytes=-', undefined],
  ['lines=0-1', undefined],
  ['bytes=1e2-', undefined],
  [`bytes=${'9'.repeat(40)}-`, undefined],
])('%s of 100 bytes', (header, expected) => {
  expect(bytesOfRange(header, 100)).toEqual(expected);
});

test('empty content has no range', () => {
  expect(bytesOfRange('bytes=0-', 0)).toBe('unsatisfiable');
  expect(bytesOfRange('bytes=-5', 0)).toBe('unsatisfiable');
});

test('a range is within the content', () => {
  fc.assert(
    fc.property(fc.string(), fc.nat(), fc.nat(), fc.nat(1_000), (noise, first, last, size) => {
      for (const header of [noise, `bytes=${first}-${last}`, `bytes=${first}-`, `bytes=-${last}`]) {
        const range = bytesOfRange(header, size);
        if (typeof range !== 'object') continue;
        expect(range.start).toBeGreaterThanOrEqual(0);
        expect(range.start).toBeLessThan(range.end);
        expect(range.end).toBeLessThanOrEqual(size);
      }
    }),
  );
});
