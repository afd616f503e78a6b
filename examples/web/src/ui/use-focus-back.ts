import { type RefObject, useLayoutEffect, useState } from 'react';

/** When what is in `ref` goes with the focus in it, gives the focus back to what had it before. */
export function useFocusBack(ref: RefObject<HTMLElement | null>): void {
  const [opener] = useState(() => document.activeElement);
  useLayoutEffect(() => {
    const { current: box } = ref;
    return () => {
      if (box?.contains(document.activeElement) !== true) return;
      // It is still in the page; what follows finds the focus where it belongs.
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus({ preventScroll: true });
    };
  }, []);
}
