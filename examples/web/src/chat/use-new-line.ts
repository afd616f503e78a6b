import type { ChatRow } from '@fechatter/client';
import { useEffect, useState } from 'react';

const NO_LINE = Number.POSITIVE_INFINITY;

/**
 * Behind which number the messages begin that were new when the chat was opened, or that came while nobody looked:
 * there stands the line of new messages. Infinity for no line.
 */
export function useNewLine({ lastReadNumber, lastNumber }: ChatRow, isSeen: boolean): number {
  const [readNumber, setReadNumber] = useState(lastReadNumber < lastNumber ? lastReadNumber : NO_LINE);
  useEffect(() => {
    setReadNumber((before) => (isSeen ? (lastNumber > before ? before : NO_LINE) : lastReadNumber));
  }, [isSeen]);
  return readNumber;
}
