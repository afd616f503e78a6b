import { useSyncExternalStore } from 'react';

/** Whether a person can be reading the page: its window is visible, and has the focus. */
export const isSeenNow = (): boolean => document.visibilityState === 'visible' && document.hasFocus();

/** The same, and renders again when it changes. */
export const useIsSeen = (): boolean => useSyncExternalStore(onSight, isSeenNow);

function onSight(onChange: () => void): () => void {
  document.addEventListener('visibilitychange', onChange);
  for (const type of ['focus', 'blur']) addEventListener(type, onChange);
  return () => {
    document.removeEventListener('visibilitychange', onChange);
    for (const type of ['focus', 'blur']) removeEventListener(type, onChange);
  };
}
