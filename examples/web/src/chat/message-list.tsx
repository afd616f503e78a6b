import { allows } from '@fechatter/client';
import type { useMessages } from '@fechatter/client/react';
import { type HistoryEntry, type SystemLine, withSystemLines } from '@fechatter/client/store';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef, useState } from 'react';
import { heightOf, roomOf, roomOfUnsent } from '../files/file-place.tsx';
import { sentenceOf } from '../refusals/sentence-of.ts';
import { Icon } from '../ui/icon.tsx';
import { SystemRow } from '../system-lines/system-row.tsx';
import { keyOfRow, rowsOf } from './lines.ts';
import { MessageRow } from './message-row.tsx';
import { hasReceiptsIn, usePlace } from './place.ts';
import { SpokenMessages } from './spoken-messages.tsx';
import { texts } from './texts.ts';
import type { Timeline } from './timeline.ts';
import { NEAR_END_PX, useStayingAtEnd } from './use-staying-at-end.ts';
import { useFollowing } from './use-following.ts';
import { useIsSeen } from './use-is-seen.ts';
import { useJump } from './use-jump.ts';
import { useNewLine } from './use-new-line.ts';
import { useOpening } from './use-opening.ts';
import { useReading } from './use-reading.ts';

const ROW_PX = 44;
const LOAD_AHEAD_ROWS = 30;
const NO_LINES: readonly SystemLine[] = [];

const filesHeightOf = (entry?: HistoryEntry) =>
  heightOf([...(entry?.message?.files ?? []).map(roomOf), ...(entry?.unsentFiles ?? []).map(roomOfUnsent)]);

export interface MessageListProps {
  readonly timeline: Timeline;
  readonly history: ReturnType<typeof useMessages>;
  /** What happened there besides messages. */
  readonly systemLines?: readonly SystemLine[];
  readonly markRead: (upToNumber: number) => Promise<void>;
  /** The message from which on the person has marked it as unread while it is open: nothing is marked as read then. */
  readonly unreadFrom?: number | undefined;
  /** The number of the message that a link leads to. */
  readonly jumpTo: number | undefined;
  /** What the list is called by screen readers. */
  readonly label: string;
  /** What stands above the first message. */
  readonly beginning: string;
}

/** The messages: a window that loads older and newer pages on scrolling, and keeps the reading position. */
export function MessageList({
  timeline,
  history,
  systemLines = NO_LINES,
  markRead,
  unreadFrom,
  jumpTo,
  label,
  beginning,
}: MessageListProps) {
  const { entries, isLoaded, isLoading, hasOlder, hasNewer, error, loadOlder, loadNewer, toNewest } = history;
  const isSeen = useIsSeen();
  const readNumber = useNewLine(timeline, isSeen, unreadFrom);
  const scroller = useRef<HTMLDivElement>(null);
  const lines = useMemo(
    () => rowsOf(withSystemLines({ entries, isLoaded, hasOlder, hasNewer }, systemLines), readNumber, hasOlder),
    [entries, isLoaded, systemLines, readNumber, hasOlder, hasNewer],
  );
  // The list does not follow a page that is loaded, even the last one; it follows new messages.
  const wasNewest = useRef(false);
  useEffect(() => void (wasNewest.current = !hasNewer), [hasNewer]);

  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    getItemKey: (index) => (lines[index] === undefined ? index : keyOfRow(lines[index])),
    estimateSize: (index) => ROW_PX + filesHeightOf(lines[index]?.entry),
    overscan: 8,
    anchorTo: 'end',
    followOnAppend: !hasNewer && wasNewest.current,
    scrollEndThreshold: NEAR_END_PX,
    directDomUpdates: true,
  });
  const rows = virtualizer.getVirtualItems();
  const first = rows[0]?.index ?? 0;
  const last = rows.at(-1)?.index ?? 0;
  const isModerator = allows(timeline.role, 'message.deleteOthers');
  const lastOwn = lines.findLast(({ isOwn, entry }) => isOwn && entry?.message?.deletedAt === null);
  const hasReceipts = !hasNewer && hasReceiptsIn(usePlace());
  const isAtEnd = !hasNewer && virtualizer.isAtEnd(NEAR_END_PX);

  const isOpen = useOpening(timeline, history);
  const [hasBegun, setBegun] = useState(false);
  useEffect(() => {
    if (!isOpen) return;
    setBegun(true);
    const firstNew = lines.findIndex(({ isFirstNew }) => isFirstNew);
    if (firstNew === -1) virtualizer.scrollToEnd();
    else virtualizer.scrollToIndex(firstNew, { align: 'center' });
  }, [isOpen]);

  useEffect(() => {
    if (!hasBegun || isLoading || error !== undefined) return;
    if (hasOlder && first < LOAD_AHEAD_ROWS) void loadOlder();
    else if (hasNewer && last >= lines.length - LOAD_AHEAD_ROWS) void loadNewer();
  }, [first, last, lines.length, isLoading, hasOlder, hasNewer, error, hasBegun]);

  const isHeld = unreadFrom !== undefined;
  const seen = useReading({ scroller, timeline, markRead, lines, isComplete: !hasNewer, isSeen, isHeld, hasBegun });
  useFollowing({ virtualizer, scroller, lines, seen, hasBegun });
  useStayingAtEnd(scroller);
  const foundKey = useJump({ number: jumpTo, history, virtualizer, lines, hasBegun });

  // Scrolls to the person's own new message.
  const newest = entries.at(-1);
  const ownKey = newest?.state === 'pending' ? newest.key : undefined;
  useEffect(() => {
    if (ownKey !== undefined) virtualizer.scrollToEnd();
  }, [ownKey]);

  const jump = async () => {
    if (hasNewer) await toNewest();
    virtualizer.scrollToEnd();
  };

  return (
    <div className="history">
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by the keyboard */}
      <div
        className="scroller"
        ref={scroller}
        tabIndex={0}
        role="log"
        aria-live="off"
        aria-label={label}
        aria-busy={isLoading}
      >
        {isLoaded && !hasOlder && <p className="beginning quiet">{beginning}</p>}
        <div className="lines" ref={virtualizer.containerRef}>
          {rows.map(({ index, key }) => {
            const line = lines[index];
            return line === undefined ? null : (
              <div
                key={key}
                ref={virtualizer.measureElement}
                data-index={index}
                className="line"
                data-found={key === foundKey}
              >
                {'system' in line ? (
                  <SystemRow line={line.system} />
                ) : (
                  <MessageRow {...line} isModerator={isModerator} isLastOwn={hasReceipts && line === lastOwn} />
                )}
              </div>
            );
          })}
        </div>
      </div>
      <SpokenMessages entries={hasNewer ? [] : entries} newestNumber={timeline.lastNumber} systemLines={systemLines} />
      {error !== undefined && <p className="problem">{sentenceOf(error)}</p>}
      {isLoaded && !isAtEnd && (
        <button type="button" className="jump" onClick={() => void jump()}>
          <Icon name="down" /> {timeline.unreadCount > 0 ? texts.newCount(timeline.unreadCount) : texts.toLatest}
        </button>
      )}
    </div>
  );
}
