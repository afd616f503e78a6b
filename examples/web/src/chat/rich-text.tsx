import { piecesOf } from './pieces.ts';

/** A message's text: links, code and words, each as an element; nothing in it ever becomes markup. */
export function RichText({ content }: { readonly content: string }) {
  return (
    <div className="text">
      {piecesOf(content).map(({ kind, text }, index) => {
        switch (kind) {
          case 'link':
            return (
              <a key={index} href={text} dir="ltr" target="_blank" rel="noopener noreferrer nofollow">
                {text}
              </a>
            );
          case 'block':
            return (
              // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by the keyboard
              <pre key={index} tabIndex={0}>
                <code>{text}</code>
              </pre>
            );
          case 'code':
            return <code key={index}>{text}</code>;
          case 'words':
            return <span key={index}>{text}</span>;
          default:
            return kind satisfies never;
        }
      })}
    </div>
  );
}
