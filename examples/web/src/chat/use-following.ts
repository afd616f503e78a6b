import type { Virtualizer } from '@tanstack/react-virtual';
import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react';
import { keyOfRow, type Row } from './lines.ts';
import { isSeenNow } from './use-is-seen.ts';
import { NEAR_END_PX } from './use-staying-at-end.ts';

export interface FollowingOptions {
  readonly virtualizer: Virtualizer<HTMLDivElement, Element>;
  readonly scroller: RefObject<HTMLElement | null>;
  readonly lines: readonly Row[];
  /** The number up to which everything was seen; raised when the person comes to the end. */
  readonly seen: RefObject<number>;
  readonly hasBegun: boolean;
}

/**
 * Follows new messages at the end of the list, and stops at the first unseen one if more arrive than a screen shows, or
 * while the page is hidden. Otherwise messages that were never on the screen would be marked as read with the last one.
 */
export function useFollowing({ virtualizer, scroller, lines, seen, hasBegun }: FollowingOptions): void {
  const wasAtEnd = useRef(false);
  const now = useRef(lines);
  now.current = lines;
  const last = lines.at(-1);
  const newest = last && keyOfRow(last);
  useLayoutEffect(() => {
    if (!hasBegun || !wasAtEnd.current) return;
    const { current: seenNumber } = seen;
    const index = lines.findIndex(({ entry, isOwn }) => !isOwn && (entry?.message?.number ?? 0) > seenNumber);
    if (index !== -1) virtualizer.scrollToIndex(index, { align: 'start' });
  }, [newest]);
  useEffect(() => {
    const box = scroller.current;
    if (box === null || !hasBegun) return undefined;
    const onScroll = () => {
      const isAtEnd = box.scrollHeight - box.clientHeight - box.scrollTop <= NEAR_END_PX;
      // The person came to the end. A message that arrives before the screen is checked must not take them back.
      if (isAtEnd && !wasAtEnd.current && isSeenNow()) seen.current = Math.max(seen.current, lastNumberOf(now.current));
      wasAtEnd.current = isAtEnd;
    };
    onScroll();
    box.addEventListener('scroll', onScroll, { passive: true });
    return () => box.removeEventListener('scroll', onScroll);
  }, [hasBegun]);
}

const lastNumberOf = (rows: readonly Row[]): number =>
  rows.findLast(({ entry }) => entry?.message)?.entry?.message?.number ?? 0;
