import { CodeBlock } from '../code/code-block.tsx';
import { Inlines } from './inline-view.tsx';
import type { Block, Item } from './nodes.ts';

/** A block of a message as an element. */
export function BlockView({ block }: { readonly block: Block }) {
  switch (block.kind) {
    case 'paragraph':
      return (
        <p>
          <Inlines nodes={block.children} />
        </p>
      );
    case 'code':
      return <CodeBlock text={block.text} whole={block.whole ?? block.text} language={block.language} />;
    case 'quote':
      return (
        <blockquote>
          {block.blocks.map((inner, at) => (
            <BlockView key={at} block={inner} />
          ))}
        </blockquote>
      );
    case 'list':
      return block.items[0]?.number === undefined ? (
        <ul>
          <Items items={block.items} />
        </ul>
      ) : (
        <ol>
          <Items items={block.items} />
        </ol>
      );
    default:
      return block satisfies never;
  }
}

function Items({ items }: { readonly items: readonly Item[] }) {
  return items.map(({ depth, number, children }, at) => (
    <li key={at} value={number} data-depth={depth} data-bullet={number === undefined}>
      <Inlines nodes={children} />
    </li>
  ));
}
