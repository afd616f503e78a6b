import type { WireThread } from '@fechatter/contract';
import {
  isListed,
  messageColumnsFor,
  messageJoins,
  type Queryable,
  type ReadMessageRow,
  threadFollowColumns,
  type ThreadFollowRow,
  threadMarkOf,
} from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { readableChat } from '../access/readable-chat.ts';
import type { Deps } from '../deps.ts';
import { shownMessage } from '../message/shown-message.ts';

/** A thread as one person sees it, as SQL returns it. */
export type ThreadRow = ReadMessageRow & ThreadFollowRow;

export const threadRowOf = (deps: Deps, row: ThreadRow): WireThread => ({
  root: shownMessage(deps, row),
  ...threadMarkOf(row),
});

// $1: the reader, $2: the chat, $3: the root.
const readSql = `
  with scope as materialized (${readableChat('$1', '$2')})
  select k.* from scope left join lateral (
    select ${messageColumnsFor('$1')}, ${isListed} as is_listed,
      (select t.last_number from threads t where t.root_id = m.id) as last_number, ${threadFollowColumns}
    from (select * from messages where id = $3::uuid and chat_id = $2::uuid limit 1) m ${messageJoins}
    left join thread_follows f on scope.role is not null and f.user_id = $1::uuid and f.chat_id = m.chat_id and f.root_id = m.id) k on true`;

/** The current state of a thread, for a person who can read its chat; `db` may be the transaction that changed it. */
export async function readThread(
  deps: Deps,
  userId: string,
  { chatId, rootId }: { readonly chatId: string; readonly rootId: string },
  db: Queryable = deps.db.pool,
): Promise<WireThread> {
  const { rows } = await db.query<(ThreadRow & { is_listed: boolean }) | { id: null }>({
    name: 'thread-get',
    text: readSql,
    values: [userId, chatId, rootId],
  });
  const [row] = rows;
  if (row === undefined) throw refuse('chat_not_found');
  if (row.id === null) throw refuse('message_not_found');
  if (row.thread_id !== null) throw refuse('not_a_root');
  if (!row.is_listed) throw refuse('message_not_found');
  return threadRowOf(deps, row);
}
