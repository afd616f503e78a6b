import type { HistoryEntry } from '@fechatter/client/store';
import { chatter } from '../chatter.ts';
import { locale } from '../texts/language.ts';

/** An entry of a history, and what is shown above it. */
export interface Line {
  readonly entry: HistoryEntry;
  readonly isOwn: boolean;
  /** The same person wrote the entry before, so the name is not repeated. */
  readonly isContinued: boolean;
  /** The day, above its first message. */
  readonly day: string | undefined;
  /** The "new messages" divider is above it. */
  readonly isFirstNew: boolean;
}

const CONTINUED_MS = 5 * 60_000;
const dayFormat = new Intl.DateTimeFormat(locale, {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
});

/**
 * Adds days, senders and the "new messages" divider to the entries: the divider follows `readNumber`, unless that is
 * before the loaded entries.
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

/** An unsent message is the person's own. */
const isMine = (message: HistoryEntry['message']) =>
  message === null || authorOf(message.sender) === chatter.session?.id;

/** What a placeholder of an import wrote is of the account that claimed it. */
const authorOf = ({ id, accountId }: NonNullable<HistoryEntry['message']>['sender']) => accountId ?? id;

const speakerOf = ({ message }: HistoryEntry) => (message === null ? chatter.session?.id : authorOf(message.sender));

const isSameDay = (a: Date, b: Date) =>
  a.getDate() === b.getDate() && a.getMonth() === b.getMonth() && a.getFullYear() === b.getFullYear();

const goesOn = (before: HistoryEntry, entry: HistoryEntry) =>
  speakerOf(before) === speakerOf(entry) && entry.createdAt.getTime() - before.createdAt.getTime() < CONTINUED_MS;
