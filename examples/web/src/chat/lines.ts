import type { HistoryEntry, SystemLine } from '@fechatter/client/store';
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

/** Something that happened besides messages. It is never new, and nobody's own. */
export interface SystemRowLine {
  readonly system: SystemLine;
  readonly entry?: undefined;
  readonly isOwn: false;
  readonly isFirstNew: false;
}

/** A row of the list. */
export type Row = Line | SystemRowLine;

export const keyOfRow = (row: Row): string => ('system' in row ? row.system.key : row.entry.key);

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

/** The same, with what happened between the entries: after that the name is repeated. */
export function rowsOf(
  all: readonly (HistoryEntry | SystemLine)[],
  readNumber: number,
  hasOlder: boolean,
): readonly Row[] {
  const lines = linesOf(
    all.filter((one): one is HistoryEntry => !('kind' in one)),
    readNumber,
    hasOlder,
  );
  let next = 0;
  let isAfterSystem = false;
  return all.flatMap((one): Row[] => {
    if ('kind' in one) {
      isAfterSystem = true;
      return [{ system: one, isOwn: false, isFirstNew: false }];
    }
    const line = lines[next++];
    if (line === undefined) return [];
    const row = isAfterSystem && line.isContinued ? { ...line, isContinued: false } : line;
    isAfterSystem = false;
    return [row];
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
