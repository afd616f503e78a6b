import { type RefObject, useEffect, useRef } from 'react';
import type { Row } from './lines.ts';
import type { Timeline } from './timeline.ts';
import { isSeenNow } from './use-is-seen.ts';

/** How often the screen is checked: messages that are shown for less were not read. */
const LOOK_EVERY_MS = 250;
/** Browsers round positions. */
const SLACK_PX = 4;

export interface ReadingOptions {
  readonly scroller: RefObject<HTMLElement | null>;
  readonly timeline: Timeline;
  readonly markRead: (upToNumber: number) => Promise<void>;
  readonly lines: readonly Row[];
  /** Whether the newest message is loaded. */
  readonly isComplete: boolean;
  readonly isSeen: boolean;
  /** Who marks a message as unread has read what is on the screen: that holds until they come back. */
  readonly isHeld: boolean;
  /** Whether the list is where it opens. */
  readonly hasBegun: boolean;
}

/**
 * Marks as read exactly what was on the screen of a visible, focused window. Returns the number up to which everything
 * was seen.
 */
export function useReading(options: ReadingOptions): RefObject<number> {
  const { scroller, timeline, lines, isComplete, isSeen, hasBegun } = options;
  const seen = useRef(timeline.lastReadNumber);
  seen.current = Math.max(seen.current, timeline.lastReadNumber);
  const now = useRef(options);
  now.current = options;
  const schedule = useRef(() => {});

  useEffect(() => {
    const box = scroller.current;
    if (box === null) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = () => {
      timer = undefined;
      if (!now.current.hasBegun || now.current.isHeld || !isSeenNow()) return;
      const number = highestOnScreen(box, now.current);
      seen.current = Math.max(seen.current, number);
      // A failed mark is repeated with the next message.
      if (number > now.current.timeline.lastReadNumber) now.current.markRead(number).catch(() => {});
    };
    schedule.current = () => void (timer ??= setTimeout(look, LOOK_EVERY_MS));
    const onScroll = () => schedule.current();
    box.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      clearTimeout(timer);
      box.removeEventListener('scroll', onScroll);
    };
  }, [timeline.id]);
  useEffect(() => schedule.current(), [lines, isComplete, isSeen, hasBegun, timeline.lastNumber]);
  return seen;
}

/** The highest number of a message on the screen; if the last one is visible, deleted messages after it count too. */
function highestOnScreen(box: HTMLElement, { timeline, lines, isComplete }: ReadingOptions): number {
  const { top, bottom } = box.getBoundingClientRect();
  const onScreen = [...box.querySelectorAll<HTMLElement>('.line')].flatMap((row) => {
    const { top: rowTop, bottom: rowBottom } = row.getBoundingClientRect();
    const visiblePx = Math.min(rowBottom, bottom) - Math.max(rowTop, top);
    // A message that is taller than the screen is never completely visible.
    const isRead = visiblePx >= Math.min(rowBottom - rowTop, (bottom - top) / 2) - SLACK_PX;
    return isRead ? (lines[Number(row.dataset['index'])]?.entry?.message ?? []) : [];
  });
  const highest = Math.max(0, ...onScreen.map(({ number }) => number));
  const last = lines.findLast(({ entry }) => entry?.message)?.entry?.message;
  const isAtEnd = isComplete && (last === undefined || last === null || last.number === highest);
  const isNewest = timeline.newestId === null || timeline.newestId === last?.id;
  return isAtEnd && isNewest ? timeline.lastNumber : highest;
}
