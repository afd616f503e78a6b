import type { Virtualizer } from '@tanstack/react-virtual';
import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react';
import type { Line } from './lines.ts';
import { NEAR_END_PX } from './use-staying-at-end.ts';

export interface FollowingOptions {
  readonly virtualizer: Virtualizer<HTMLDivElement, Element>;
  readonly scroller: RefObject<HTMLElement | null>;
  readonly lines: readonly Line[];
  /** The number up to which everything was seen. */
  readonly seen: RefObject<number>;
  readonly hasBegun: boolean;
}

/**
 * Follows new messages at the end of the list, and stops at the first unseen one if more arrive than a screen shows, or
 * while nobody looks. Otherwise messages that were never on the screen would be marked as read with the last one.
 */
export function useFollowing({ virtualizer, scroller, lines, seen, hasBegun }: FollowingOptions): void {
  const wasAtEnd = useRef(false);
  const newest = lines.at(-1)?.entry.key;
  useLayoutEffect(() => {
    if (!hasBegun || !wasAtEnd.current) return;
    const { current: seenNumber } = seen;
    const index = lines.findIndex(
      ({ entry: { message }, isOwn }) => !isOwn && message !== null && message.number > seenNumber,
    );
    if (index !== -1) virtualizer.scrollToIndex(index, { align: 'start' });
  }, [newest]);
  useEffect(() => {
    const box = scroller.current;
    if (box === null || !hasBegun) return undefined;
    const onScroll = () => {
      wasAtEnd.current = box.scrollHeight - box.clientHeight - box.scrollTop <= NEAR_END_PX;
    };
    onScroll();
    box.addEventListener('scroll', onScroll, { passive: true });
    return () => box.removeEventListener('scroll', onScroll);
  }, [hasBegun]);
}
