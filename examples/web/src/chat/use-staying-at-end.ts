import { type RefObject, useEffect } from 'react';

/** Nearer than this to its end a list is at its end. */
export const NEAR_END_PX = 60;

/**
 * When a list becomes lower, its end stays in sight if it was: several lines in the composer, a smaller window and a
 * keyboard on the screen hide nothing that was just said.
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
