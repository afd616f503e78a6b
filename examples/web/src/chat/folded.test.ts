import { expect, test } from 'vitest';
import { foldedOf } from './folded.ts';
import { piecesOf } from './pieces.ts';

const folded = (content: string) => foldedOf(piecesOf(content));
const shownOf = (content: string) =>
  folded(content)
    ?.pieces.map(({ text }) => text)
    .join('');

test('what fits on a screen is shown whole', () => {
  expect(folded('a\n'.repeat(20))).toBeUndefined();
  expect(folded('word '.repeat(400))).toBeUndefined();
});

test.each([
  ['3,000 line breaks', `a${'\n'.repeat(3_000)}b`],
  ['a long text', 'word '.repeat(1_600)],
  ['a long block of code', `so:\n\`\`\`\n${'let a;\n'.repeat(500)}\`\`\``],
  ['many short pieces', '`a` '.repeat(2_000)],
])('%s is folded to its beginning', (_, content) => {
  const { pieces, hiddenChars, hiddenLines } = folded(content) ?? { pieces: [], hiddenChars: 0, hiddenLines: 0 };
  const shown = pieces.map(({ text }) => text).join('');
  expect(shown.length).toBeLessThanOrEqual(1_400);
  expect(shown.split('\n').length).toBeLessThanOrEqual(16);
  expect(hiddenChars + shown.length).toBe(piecesOf(content).reduce((sum, { text }) => sum + text.length, 0));
  expect(hiddenLines).toBeGreaterThanOrEqual(0);
});

test('a fold cuts neither an address nor a character in two', () => {
  const address = 'https://example.com/';
  expect(shownOf(`${'a '.repeat(695)}${address}${'x'.repeat(1_000)}`)).toBe('a '.repeat(695));
  expect(shownOf('😀'.repeat(2_000))?.isWellFormed()).toBe(true);
  expect(shownOf(`a${'😀'.repeat(2_000)}`)?.isWellFormed()).toBe(true);
});
