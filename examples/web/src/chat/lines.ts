import type { HistoryEntry } from '@fechatter/client/store';
import { chatter } from '../chatter.ts';

/** An entry of a history, and what stands above it. */
export interface Line {
  readonly entry: HistoryEntry;
  readonly isOwn: boolean;
  /** It goes on where the same person has just stopped: no need to say who it is. */
  readonly isContinued: boolean;
  /** The day, above its first message. */
  readonly day: string | undefined;
  /** Above it stands that from here on all is new. */
  readonly isFirstNew: boolean;
}

const CONTINUED_MS = 5 * 60_000;
const dayFormat = new Intl.DateTimeFormat(undefined, {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
});

/**
 * Puts days, speakers and the line of new messages between the entries: behind `readNumber`, unless that lies before what
 * is there.
 */
export function linesOf(entries: readonly HistoryEntry[], readNumber: number, hasOlder: boolean): readonly Line[] {
  const isReached = !hasOlder || (entries[0]?.message?.number ?? 0) <= readNumber + 1;
  const firstNew = !isReached
    ? undefined
    : entries.find(({ message }) => message !== null && message.number > readNumber && !isMine(message));
  return entries.map((entry, index) => {
    const before = entries[index - 1];
    const isNewDay = before === undefined || !isSameDay(before.createdAt, entry.createdAt);
    const isFirstNew = entry === firstNew;
    return {
      entry,
      isOwn: isMine(entry.message),
      isContinued: !isNewDay && !isFirstNew && goesOn(before, entry),
      day: isNewDay ? dayFormat.format(entry.createdAt) : undefined,
      isFirstNew,
    };
  });
}

/** What the service does not have yet is one's own. */
const isMine = (message: HistoryEntry['message']) => message === null || message.sender.id === chatter.session?.id;

const speakerOf = ({ message }: HistoryEntry) => message?.sender.id ?? chatter.session?.id;

const isSameDay = (a: Date, b: Date) =>
  a.getDate() === b.getDate() && a.getMonth() === b.getMonth() && a.getFullYear() === b.getFullYear();

const goesOn = (before: HistoryEntry, entry: HistoryEntry) =>
  speakerOf(before) === speakerOf(entry) && entry.createdAt.getTime() - before.createdAt.getTime() < CONTINUED_MS;
