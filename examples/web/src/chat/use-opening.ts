import type { useMessages } from '@fechatter/client/react';
import { useEffect, useState } from 'react';
import type { Timeline } from './timeline.ts';

/**
 * Moves a list to where it opens: the first unread message, however far back, or else the newest one. True when that is
 * loaded, or cannot be read.
 */
export function useOpening(timeline: Timeline, history: ReturnType<typeof useMessages>): boolean {
  const [isOpen, setOpen] = useState(false);
  const { isLoaded, hasNewer, toNumber, toNewest } = history;
  useEffect(() => {
    if (!isLoaded || isOpen) return undefined;
    let isWanted = true;
    const open = async () => {
      if (timeline.unreadCount > 0) await toNumber(timeline.lastReadNumber + 1);
      else if (hasNewer) await toNewest();
      if (isWanted) setOpen(true);
    };
    void open();
    return () => {
      isWanted = false;
    };
  }, [isLoaded]);
  return isOpen;
}
