import { type ReactNode, useEffect, useState } from 'react';
import { Icon } from '../ui/icon.tsx';
import { texts } from './texts.ts';

/** A longer block is shown without colours: finding them takes time that the page does not have. */
const COLOURED_MAX_CHARS = 20_000;
const COPIED_MS = 2_000;

export interface CodeBlockProps {
  /** What is shown: of a folded message, the beginning. */
  readonly text: string;
  /** What is copied. */
  readonly whole: string;
  /** What stands behind the fence; empty if there is nothing. */
  readonly language: string;
}

/** A block of code: in colours as soon as its language is loaded, plain until then and where it is not known. */
export function CodeBlock({ text, whole, language }: CodeBlockProps) {
  return (
    <div className="code-block">
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by the keyboard */}
      <pre tabIndex={0} role="region" aria-label={texts.code(language)}>
        <code>{useColours(text, language) ?? text}</code>
      </pre>
      <CopyButton text={whole} />
    </div>
  );
}

function useColours(text: string, language: string): ReactNode {
  const [found, setFound] = useState<{ readonly of: string; readonly code: ReactNode }>();
  useEffect(() => {
    if (language === '' || text.length > COLOURED_MAX_CHARS) return undefined;
    let isWanted = true;
    const colour = async () => {
      const { highlighted } = await import('./highlight.tsx');
      const code = isWanted ? await highlighted(text, language) : undefined;
      if (isWanted && code !== undefined) setFound({ of: text, code });
    };
    // Without its colours it is still the code.
    colour().catch(() => {});
    return () => {
      isWanted = false;
    };
  }, [text, language]);
  return found?.of === text ? found.code : undefined;
}

function CopyButton({ text }: { readonly text: string }) {
  const [said, setSaid] = useState<string>();
  useEffect(() => {
    if (said === undefined) return undefined;
    const timer = setTimeout(() => setSaid(undefined), COPIED_MS);
    return () => clearTimeout(timer);
  }, [said]);
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setSaid(texts.copied),
      () => setSaid(texts.notCopied),
    );
  return (
    <span className="copy-code">
      <span role="status">{said}</span>
      <button type="button" className="icon" aria-label={texts.copy} title={texts.copy} onClick={() => void copy()}>
        <Icon name="copy" />
      </button>
    </span>
  );
}
