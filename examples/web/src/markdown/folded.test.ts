import { expect, test } from 'vitest';
import { foldedOf } from './folded.ts';
import type { Block, Inline } from './nodes.ts';
import { blocksOf } from './parse.ts';

const folded = (content: string) => foldedOf(blocksOf(content));
const textOf = (nodes: readonly Inline[]): string =>
  nodes.map((node) => ('text' in node ? node.text : 'children' in node ? textOf(node.children) : '')).join('');
/** Each line of what is shown. */
const linesOf = (blocks: readonly Block[]): readonly string[] =>
  blocks.flatMap((block) =>
    block.kind === 'code'
      ? block.text.split('\n')
      : block.kind === 'paragraph'
        ? textOf(block.children).split('\n')
        : block.kind === 'quote'
          ? linesOf(block.blocks)
          : block.items.map(({ children }) => textOf(children)),
  );
const shownOf = (content: string) => linesOf(folded(content)?.blocks ?? []).join('\n');

test('a message that fits on a screen is shown whole', () => {
  expect(folded('a\n'.repeat(20))).toBeUndefined();
  expect(folded('word '.repeat(400))).toBeUndefined();
});

test.each([
  ['3,000 line breaks', `a${'\n'.repeat(3_000)}b`],
  ['a long text', 'word '.repeat(1_600)],
  ['a long block of code', `so:\n\`\`\`\n${'let a;\n'.repeat(500)}\`\`\``],
  ['many short pieces', '`a` '.repeat(2_000)],
  ['a long list', '- item\n'.repeat(1_000)],
  ['a long quote', '> said *this*\n'.repeat(500)],
  ['many paragraphs and lists', 'a\n- b\n'.repeat(300)],
])('%s is folded to its beginning', (_, content) => {
  const { blocks, hiddenChars, hiddenLines } = folded(content) ?? { blocks: [], hiddenChars: 0, hiddenLines: 0 };
  const shown = linesOf(blocks);
  expect(shown.join('').length).toBeLessThanOrEqual(1_400);
  expect(shown.length).toBeLessThanOrEqual(17);
  expect(shown.length).toBeGreaterThan(0);
  const whole = linesOf(blocksOf(content));
  expect(whole.join('').startsWith(shown.join(''))).toBe(true);
  expect(hiddenChars + hiddenLines).toBeGreaterThan(0);
});

test('a fold cuts neither an address nor a character in two', () => {
  const address = 'https://example.com/';
  expect(shownOf(`${'a '.repeat(695)}${address}${'x'.repeat(1_000)}`)).toBe('a '.repeat(695));
  expect(shownOf('😀'.repeat(2_000)).isWellFormed()).toBe(true);
  expect(shownOf(`a${'😀'.repeat(2_000)}`).isWellFormed()).toBe(true);
});
