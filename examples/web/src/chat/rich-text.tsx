import { memo, useMemo, useState } from 'react';
import { foldedOf } from './folded.ts';
import { type Piece, piecesOf } from './pieces.ts';

/** A message's text: links, code and words, each as an element; nothing in it ever becomes markup. A long one is folded. */
export const RichText = memo(function RichText({ content }: { readonly content: string }) {
  const [isOpen, setOpen] = useState(false);
  const pieces = useMemo(() => piecesOf(content), [content]);
  const folded = useMemo(() => foldedOf(pieces), [pieces]);
  return (
    <>
      <div className="text">
        {(isOpen || folded === undefined ? pieces : folded.pieces).map((piece, index) => (
          <PieceOfText key={index} {...piece} />
        ))}
      </div>
      {folded !== undefined && (
        <button type="button" className="link fold" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {isOpen ? 'Show less' : `Show more (${hiddenIn(folded)})`}
        </button>
      )}
    </>
  );
});

const hiddenIn = ({ hiddenLines, hiddenChars }: { readonly hiddenLines: number; readonly hiddenChars: number }) =>
  hiddenLines > 1 ? `${hiddenLines.toLocaleString()} lines` : `${hiddenChars.toLocaleString()} characters`;

function PieceOfText({ kind, text }: Piece) {
  switch (kind) {
    case 'link':
      return (
        <a href={text} dir="ltr" target="_blank" rel="noopener noreferrer nofollow">
          {text}
        </a>
      );
    case 'block':
      return (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by the keyboard
        <pre tabIndex={0}>
          <code>{text}</code>
        </pre>
      );
    case 'code':
      return <code>{text}</code>;
    case 'words':
      return <span>{text}</span>;
    default:
      return kind satisfies never;
  }
}
