import type { Block, Inline } from './nodes.ts';
import { blocksOf } from './parse.ts';

const inlinesIn = (blocks: readonly Block[]): readonly Inline[] =>
  blocks.flatMap((block) =>
    block.kind === 'paragraph'
      ? all(block.children)
      : block.kind === 'quote'
        ? inlinesIn(block.blocks)
        : block.kind === 'list'
          ? block.items.flatMap(({ children }) => all(children))
          : [],
  );
const all = (nodes: readonly Inline[]): readonly Inline[] =>
  nodes.flatMap((node) => [node, ...('children' in node ? all(node.children) : [])]);
/** The addresses of the links in a message, for tests. */
export const linksOf = (content: string) =>
  inlinesIn(blocksOf(content)).flatMap((node) => (node.kind === 'link' ? [node.href] : []));
