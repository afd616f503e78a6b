import { useEffect, useState } from 'react';
import type { Timeline } from './timeline.ts';

const NO_LINE = Number.POSITIVE_INFINITY;

/**
 * The number after which messages are new: those that were new when the list was opened, or arrived while it was
 * not visible, or were marked as unread. The divider is shown there; Infinity for none.
 */
export function useNewLine(
  { lastReadNumber, lastNumber }: Timeline,
  isSeen: boolean,
  unreadFrom: number | undefined,
): number {
  const [readNumber, setReadNumber] = useState(lastReadNumber < lastNumber ? lastReadNumber : NO_LINE);
  useEffect(() => {
    setReadNumber((before) => (isSeen ? (lastNumber > before ? before : NO_LINE) : lastReadNumber));
  }, [isSeen]);
  useEffect(() => {
    if (unreadFrom !== undefined) setReadNumber(unreadFrom - 1);
  }, [unreadFrom]);
  return readNumber;
}
