import { type RefObject, useEffect } from 'react';

/** A list that is nearer than this to its end counts as at its end. */
export const NEAR_END_PX = 60;

/**
 * When a list gets smaller, its end stays visible if it was: a growing composer, a smaller window or an on-screen
 * keyboard hides no new message.
 */
export function useStayingAtEnd(scroller: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const box = scroller.current;
    if (box === null) return undefined;
    let height = box.clientHeight;
    const observer = new ResizeObserver(() => {
      const wasAtEnd = box.scrollHeight - height - box.scrollTop <= NEAR_END_PX;
      height = box.clientHeight;
      if (wasAtEnd) box.scrollTop = box.scrollHeight - height;
    });
    observer.observe(box);
    return () => observer.disconnect();
  }, []);
}
