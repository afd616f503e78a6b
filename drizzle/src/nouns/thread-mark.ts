import type { ThreadMark } from '@fechatter/contract';
import { alias } from 'drizzle-orm/pg-core';
import { threadFollows } from '../schema.ts';
import { columnList, type Columns, type RowOf } from './columns.ts';
import { mentionNumbers } from './mark.ts';
import type { NounSource } from './noun.ts';

const f = alias(threadFollows, 'f');

const columns = {
  is_following: f.isFollowing,
  last_read_number: f.lastReadNumber,
  mark_version: f.markVersion,
  mark_seq: f.markSeq,
} as const satisfies Columns;
const mentions = `case when f.is_following then ${mentionNumbers({
  userId: 'f.user_id',
  chatId: 'f.chat_id',
  thread: '= f.root_id',
  after: 'f.last_read_number',
})} end`;
/** A person's mark and follow state of a thread, and their mentions in it, for `from thread_follows f`. */
export const threadFollowColumns = `${columnList(columns)}, ${mentions} as mention_numbers`;

type Follow = RowOf<typeof columns>;
/** {@link threadFollowColumns} as SQL returns them, null if there is no row, and the number of the newest reply. */
export type ThreadFollowRow = {
  readonly last_number: number | null;
  readonly mention_numbers: readonly number[] | null;
} & (Follow | { readonly [Name in keyof Follow]: null });

/** How far a person has read a thread: all of it, unless they follow it. */
export function threadMarkOf(row: ThreadFollowRow): ThreadMark {
  const lastNumber = row.last_number ?? 0;
  const following = row.is_following === true;
  const lastReadNumber = following ? row.last_read_number : lastNumber;
  return {
    following,
    lastReadNumber,
    markVersion: row.mark_version ?? 0,
    markSeq: row.mark_seq ?? 0,
    unreadCount: lastNumber - lastReadNumber,
    mentionNumbers: [...(row.mention_numbers ?? [])],
  };
}

export const threadMarkSource: NounSource<'threadMark', ThreadFollowRow> = {
  reference: 'subjectId',
  where: 'user_id = e.user_id and chat_id = e.chat_id and root_id = e.subject_id',
  isThere: 'root_id',
  table: 'thread_follows',
  as: 'f',
  joins: [{ table: 'threads', as: 't', where: 'root_id = f.root_id', reads: ['last_number'] }],
  columns,
  others: { last_number: 't.last_number', mention_numbers: mentions },
  alsoReads: ['root_id', 'user_id', 'chat_id'],
  show: threadMarkOf,
  standIn: () =>
    threadMarkOf({
      last_number: 0,
      mention_numbers: null,
      is_following: null,
      last_read_number: null,
      mark_version: null,
      mark_seq: null,
    }),
};
