import { memo, useMemo, useState } from 'react';
import { BlockView } from './block-view.tsx';
import { isOfEmoji } from './emoji-alone.ts';
import { foldedOf } from './folded.ts';
import { blocksOf } from './parse.ts';
import { texts } from './texts.ts';

/** A message's text: each part of it as an element; nothing in it ever becomes markup. A long one is folded. */
export const RichText = memo(function RichText({ content }: { readonly content: string }) {
  const [isOpen, setOpen] = useState(false);
  const blocks = useMemo(() => blocksOf(content), [content]);
  const isEnlarged = useMemo(() => isOfEmoji(blocks), [blocks]);
  const folded = useMemo(() => foldedOf(blocks), [blocks]);
  return (
    <>
      <div className="text" data-emoji={isEnlarged || undefined}>
        {(isOpen || folded === undefined ? blocks : folded.blocks).map((block, at) => (
          <BlockView key={at} block={block} />
        ))}
      </div>
      {folded !== undefined && (
        <button type="button" className="link fold" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {isOpen ? texts.less : texts.more(folded)}
        </button>
      )}
    </>
  );
});
