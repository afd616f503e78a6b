import { ThreadList, ThreadListInput } from '@fechatter/contract';
import { messageColumnsFor, messageJoins, threadFollowColumns } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { z } from 'zod';
import { inWorkspace } from '../access/scoped-procedures.ts';
import { pagesOf } from '../page-cursor.ts';
import { type ThreadRow, threadRowOf } from './thread-row.ts';

type ListedThread = ThreadRow & { readonly replied_at: number };
/** A cursor contains the time of the last reply of the page's last thread, which may have had another one since. */
const pages = pagesOf('threads', z.tuple([z.int().nonnegative(), z.uuid()]), (row: ListedThread): [number, string] => [
  row.replied_at,
  row.id,
]);

// $1: the person, $2: the workspace, $3: only unread ones, $4 and $5: the place, $6: how many. A person follows at most
// 1,000 threads: those are sorted, and the content of threads is looked up only for the page.
const listSql = `
  with scope as materialized (
    select w.workspace_id from live_workspace_members w where w.workspace_id = $2::uuid and w.user_id = $1::uuid),
  mine as materialized (
    select f.root_id, f.chat_id, t.last_number, floor(extract(epoch from t.last_reply_at) * 1000)::bigint as replied_at
    from scope
    join thread_follows f on f.workspace_id = scope.workspace_id and f.user_id = $1::uuid and f.is_following
    join live_chat_members p on p.chat_id = f.chat_id and p.user_id = $1::uuid
    join chats c on c.id = f.chat_id and c.deleted_at is null
    join threads t on t.root_id = f.root_id and t.reply_count > 0
    where (not $3::boolean or t.last_number > f.last_read_number)),
  page as materialized (
    select * from mine where $4::bigint is null or (replied_at, root_id) < ($4::bigint, $5::uuid)
    order by replied_at desc, root_id desc limit $6)
  select k.* from scope left join (
    select page.replied_at, page.last_number, ${messageColumnsFor('$1')}, ${threadFollowColumns}
    from page cross join lateral (select * from messages where id = page.root_id limit 1) m ${messageJoins}
    cross join lateral (
      select * from thread_follows where user_id = $1::uuid and chat_id = page.chat_id and root_id = page.root_id limit 1) f) k on true
  order by k.replied_at desc, k.id desc`;

export const list = inWorkspace('workspace.read', 'read')
  .input(ThreadListInput)
  .output(ThreadList)
  .meta({
    openapi: {
      method: 'GET',
      path: '/workspaces/{workspace_id}/threads',
      summary: 'List the threads that you follow',
      description:
        'Those with replies in the chats that you are in, the one with the latest reply first. With `unread`, only ' +
        'those with unread replies.',
      tags: ['thread'],
      refusals: ['workspace_not_found', 'invalid_cursor'],
    },
  })
  .query(async ({ ctx: { deps, principal }, input: { workspaceId, unread = false, limit, cursor } }) => {
    const [repliedAt, rootId] = pages.place(cursor) ?? [null, null];
    const { rows } = await deps.db.pool.query<ListedThread | { id: null }>({
      name: 'thread-list',
      text: listSql,
      values: [principal.userId, workspaceId, unread, repliedAt, rootId, pages.rowsOf(limit)],
    });
    if (rows[0] === undefined) throw refuse('workspace_not_found');
    const { page, nextCursor } = pages.cut(
      rows.filter((row) => row.id !== null),
      limit,
    );
    return { threads: page.map((row) => threadRowOf(deps, row)), nextCursor };
  });
