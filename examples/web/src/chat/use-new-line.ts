import type { ChatRow } from '@fechatter/client';
import { useEffect, useState } from 'react';

const NO_LINE = Number.POSITIVE_INFINITY;

/**
 * The number after which messages are new: those that were new when the chat was opened, or arrived while nobody
 * looked. The divider is shown there; Infinity for none.
 */
export function useNewLine({ lastReadNumber, lastNumber }: ChatRow, isSeen: boolean): number {
  const [readNumber, setReadNumber] = useState(lastReadNumber < lastNumber ? lastReadNumber : NO_LINE);
  useEffect(() => {
    setReadNumber((before) => (isSeen ? (lastNumber > before ? before : NO_LINE) : lastReadNumber));
  }, [isSeen]);
  return readNumber;
}
