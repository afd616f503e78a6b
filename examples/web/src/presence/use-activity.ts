import { useStore } from '@fechatter/client/react';
import { useEffect } from 'react';

const SIGNS = ['keydown', 'pointerdown', 'pointermove', 'wheel'] as const;

/** Reports that the person is active while they use the page. */
export function useActivity(): void {
  const store = useStore();
  useEffect(() => {
    const note = () => store.setActive();
    for (const sign of SIGNS) addEventListener(sign, note, { passive: true });
    return () => {
      for (const sign of SIGNS) removeEventListener(sign, note);
    };
  }, [store]);
}
