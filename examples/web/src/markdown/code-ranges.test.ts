import fc from 'fast-check';
import { expect, test } from 'vitest';
import { codeRanges } from './code-ranges.ts';
import type { Block, Inline } from './nodes.ts';
import { blocksOf } from './parse.ts';

const SIGN = '§';
const signsIn = (text: string) => text.split(SIGN).length - 1;
const inInlines = (nodes: readonly Inline[]): number =>
  nodes.reduce((sum, node) => sum + ('children' in node ? inInlines(node.children) : inCode(node)), 0);
const inCode = (node: Inline) => (node.kind === 'code' ? signsIn(node.text) : 0);
const inBlocks = (blocks: readonly Block[]): number =>
  blocks.reduce((sum, block) => {
    if (block.kind === 'code') return sum + signsIn(block.text);
    if (block.kind === 'quote') return sum + inBlocks(block.blocks);
    if (block.kind === 'list') return sum + block.items.reduce((all, { children }) => all + inInlines(children), 0);
    return sum + inInlines(block.children);
  }, 0);

test('what is code to those who write is what is shown as code', () => {
  const scraps = ['```', '`', '\n', SIGN, 'js', ' ', '> ', '- ', '*'];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...scraps), { maxLength: 24 }), (chosen) => {
      const text = chosen.join('');
      const ranges = codeRanges(text).map(([from, to]) => text.slice(from, to));
      expect(ranges.reduce((sum, range) => sum + signsIn(range), 0)).toBe(inBlocks(blocksOf(text)));
    }),
    { numRuns: 2_000, examples: [[['```', '\n', '```', SIGN, '```']]] },
  );
});
