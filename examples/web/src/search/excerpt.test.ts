import fc from 'fast-check';
import { expect, test } from 'vitest';
import { excerptOf } from './excerpt.ts';

test('a short message is shown whole, with its matches', () => {
  expect(excerptOf('The server is down', [[4, 10]])).toEqual([
    { text: 'The ', isMatch: false },
    { text: 'server', isMatch: true },
    { text: ' is down', isMatch: false },
  ]);
  expect(excerptOf('just a link', [])).toEqual([{ text: 'just a link', isMatch: false }]);
});

test('an excerpt of a long message surrounds the first match, and cuts no letter in two', () => {
  const content = '🎉'.repeat(1_000) + 'zebra' + '🎉'.repeat(1_000);
  const parts = excerptOf(content, [[2_000, 2_005]]);
  expect(parts.filter(({ isMatch }) => isMatch)).toEqual([{ text: 'zebra', isMatch: true }]);
  const shown = parts.map(({ text }) => text).join('');
  expect(shown.length).toBeLessThan(320);
  expect(shown.isWellFormed()).toBe(true);
});

test('an excerpt is a part of the message, whatever the ranges', () => {
  const range = fc.tuple(fc.nat(500), fc.nat(500)).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', maxLength: 500 }),
      fc.array(range, { maxLength: 5 }),
      (content, ranges) => {
        const inOrder = ranges.toSorted((a, b) => a[0] - b[0]);
        const parts = excerptOf(content, inOrder);
        const shown = parts.map(({ text }) => text).join('');
        expect(content).toContain(shown.replace(/^… /, '').replace(/ …$/, ''));
      },
    ),
  );
});
