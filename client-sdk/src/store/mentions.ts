import type { ChatRow, Message } from '../wire.ts';
import type { UnreadMentions } from './store.ts';

/** The most numbers that a row has: a full list may be incomplete. */
const NUMBERS_MAX = 100;

type Numbers = Pick<ChatRow, 'mentionNumbers' | 'lastReadNumber'>;

/** The numbers with this message, or without it: an edit can add and remove mentions. */
export function mentionNumbersOf(
  { mentionNumbers, lastReadNumber }: Numbers,
  { number, mentions, sender }: Pick<Message, 'number' | 'mentions' | 'sender'>,
  ownId: string,
): number[] {
  const isMentioned =
    mentions !== null && sender.id !== ownId && (mentions.everyone || mentions.userIds.includes(ownId));
  if (isMentioned === mentionNumbers.includes(number)) return mentionNumbers;
  if (!isMentioned) return mentionNumbers.filter((other) => other !== number);
  if (number <= lastReadNumber) return mentionNumbers;
  return [...mentionNumbers, number].sort((a, b) => a - b).slice(0, NUMBERS_MAX);
}

/** The numbers that are unread. */
export const unreadMentions = ({ mentionNumbers, lastReadNumber }: Numbers): number[] =>
  mentionNumbers.every((number) => number > lastReadNumber)
    ? mentionNumbers
    : mentionNumbers.filter((number) => number > lastReadNumber);

/** Whether there may be mentions that the later row lacks: its mark went back, or a full list has become shorter. */
export const lacksMentions = (before: Numbers, after: Numbers): boolean =>
  after.lastReadNumber < before.lastReadNumber ||
  (before.mentionNumbers.length >= NUMBERS_MAX && after.mentionNumbers.length < NUMBERS_MAX);

/** The unread mentions of all chats. */
export function mentionsIn(chats: Iterable<ChatRow>): UnreadMentions {
  const byChat = new Map(
    [...chats]
      .filter(({ mentionNumbers }) => mentionNumbers.length > 0)
      .map(({ id, mentionNumbers }) => [id, mentionNumbers] as const),
  );
  return { byChat, total: [...byChat.values()].reduce((sum, { length }) => sum + length, 0) };
}
