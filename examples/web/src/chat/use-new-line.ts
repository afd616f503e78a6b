import type { ChatRow } from '@fechatter/client';
import { useEffect, useState } from 'react';

const NO_LINE = Number.POSITIVE_INFINITY;

/** Whether somebody looks at the page, and behind which number the messages begin that came while nobody did. */
export function useNewLine({ lastReadNumber, lastNumber }: ChatRow) {
  const [isSeen, setSeen] = useState(document.visibilityState === 'visible');
  const [readNumber, setReadNumber] = useState(lastReadNumber < lastNumber ? lastReadNumber : NO_LINE);
  useEffect(() => {
    const onChange = () => {
      const isVisible = document.visibilityState === 'visible';
      setSeen(isVisible);
      setReadNumber((before) => (isVisible ? (lastNumber > before ? before : NO_LINE) : lastReadNumber));
    };
    document.addEventListener('visibilitychange', onChange);
    return () => document.removeEventListener('visibilitychange', onChange);
  }, [lastReadNumber, lastNumber]);
  return { isSeen, readNumber };
}
