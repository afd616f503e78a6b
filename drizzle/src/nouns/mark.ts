import { limits, type ReadMark } from '@fechatter/contract';
import { alias } from 'drizzle-orm/pg-core';
import { chatMembers } from '../schema.ts';
import type { Columns, RowOf } from './columns.ts';
import type { NounSource } from './noun.ts';

const r = alias(chatMembers, 'r');

const columns = {
  last_read_seq: r.lastReadSeq,
  last_read_number: r.lastReadNumber,
  mark_version: r.markVersion,
  mark_seq: r.markSeq,
} as const satisfies Columns;

/** How far a person has read a chat with this newest number, and their mentions after that. */
export type MarkRow = RowOf<typeof columns> & {
  readonly last_number: number | null;
  readonly mention_numbers: readonly number[] | null;
};

interface MentionsIn {
  /** SQL: the person, the chat, and how far the person has read the timeline. */
  readonly userId: string;
  readonly chatId: string;
  readonly after: string;
  /** SQL: the condition on the root of the timeline. Default: the main timeline. */
  readonly thread?: string;
}

/**
 * SQL: the numbers of a timeline's unread messages that mention a person, ascending, the first 100, as JSON. Both
 * look-ups read the index in its order; only a person's own messages to everyone are passed over.
 */
export function mentionNumbers({ userId, chatId, after, thread = 'is null' }: MentionsIn): string {
  const first = (of: string) => `(
    select n.number from mentions n where n.chat_id = ${chatId} and n.thread_id ${thread} and n.number > ${after} and ${of}
    order by n.number limit ${limits.mentionNumbersMax})`;
  return `to_json(array(select b.number from (
    ${first(`n.user_id = ${userId}`)} union ${first(`n.user_id is null and n.sender_id <> ${userId}`)}) b
    order by b.number limit ${limits.mentionNumbersMax}))`;
}

export const markOf = (row: MarkRow): ReadMark => ({
  unreadCount: Math.max(0, (row.last_number ?? row.last_read_number) - row.last_read_number),
  lastReadSeq: row.last_read_seq,
  lastReadNumber: row.last_read_number,
  markVersion: row.mark_version,
  markSeq: row.mark_seq,
  mentionNumbers: [...(row.mention_numbers ?? [])],
});

export const markSource: NounSource<'mark', MarkRow> = {
  reference: 'chatId',
  table: 'chat_members',
  as: 'r',
  // A person who has left must not see later messages, so a mark is computed at delivery.
  where: 'user_id = e.user_id and chat_id = e.chat_id and left_seq is null',
  isThere: 'mark_version',
  joins: [{ table: 'chat_heads', as: 'rh', where: 'chat_id = r.chat_id', reads: ['last_number'] }],
  columns,
  others: {
    last_number: 'rh.last_number',
    mention_numbers: mentionNumbers({ userId: 'r.user_id', chatId: 'r.chat_id', after: 'r.last_read_number' }),
  },
  alsoReads: ['chat_id', 'user_id'],
  show: markOf,
  standIn: () => ({
    unreadCount: 0,
    lastReadSeq: 0,
    lastReadNumber: 0,
    markVersion: 0,
    markSeq: 0,
    mentionNumbers: [],
  }),
};
