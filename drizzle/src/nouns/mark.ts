import type { ReadMark } from '@fechatter/contract';
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

/** How far a person has read a chat whose newest message is that number. */
export type MarkRow = RowOf<typeof columns> & { readonly last_number: number };

export const markOf = (row: MarkRow): ReadMark => ({
  unreadCount: row.last_number - row.last_read_number,
  lastReadSeq: row.last_read_seq,
  lastReadNumber: row.last_read_number,
  markVersion: row.mark_version,
  markSeq: row.mark_seq,
});

export const markSource: NounSource<'mark', MarkRow> = {
  reference: 'chatId',
  table: 'chat_members',
  as: 'r',
  // The latest period: its person may have left since.
  where: 'user_id = e.user_id and chat_id = e.chat_id order by joined_seq desc',
  isThere: 'mark_version',
  joins: [{ table: 'chat_heads', as: 'rh', where: 'chat_id = r.chat_id', reads: ['last_number'] }],
  columns,
  others: { last_number: 'rh.last_number' },
  alsoReads: ['chat_id'],
  show: markOf,
  gone: () => ({ unreadCount: 0, lastReadSeq: 0, lastReadNumber: 0, markVersion: 0, markSeq: 0 }),
};
