import { type Channel, ChannelList, SearchText, WorkspacePage } from '@fechatter/contract';
import { refuse } from '@fechatter/service-kit';
import { NIL } from 'uuid';
import { z } from 'zod';
import { inWorkspace } from '../access/scoped-procedures.ts';
import { pagesOf } from '../page-cursor.ts';

interface ChannelRow {
  id: string;
  name: string;
  member_count: number;
  joined: boolean;
  created_at: Date;
}
/** A cursor holds the last channel's id, not its name: a name may be longer than a cursor. */
const pages = pagesOf('channels', z.uuid(), (row: ChannelRow) => row.id);

// A channel that is the last of a page keeps its name when it is deleted; only its wiping (to '') ends the paging.
const channelsSql = `
  with scope as materialized (
    select m.workspace_id, nullif(a.name, '') as after_name
    from workspace_members m
    left join chats a on a.id = $3 and a.workspace_id = m.workspace_id and a.chat_type = 'PublicChannel'
    where m.workspace_id = $1 and m.user_id = $2 and m.left_seq is null)
  select scope.after_name, k.*
  from scope left join lateral (
    select p.*,
      (select count(*)::int from chat_members n where n.chat_id = p.id and n.left_seq is null) as member_count,
      exists (select 1 from chat_members n where n.chat_id = p.id and n.user_id = $2 and n.left_seq is null) as joined
    from (
      select c.id, c.name, c.created_at from chats c
      where c.workspace_id = scope.workspace_id and c.chat_type = 'PublicChannel' and c.deleted_at is null
        and c.name ilike $4 collate "und-x-icu" and (c.name, c.id) > (coalesce(scope.after_name, ''), $3)
      order by c.name, c.id limit $5) p) k on true
  order by k.name, k.id`;

export const channels = inWorkspace('workspace.read')
  .input(WorkspacePage.extend({ query: SearchText.optional() }))
  .output(ChannelList)
  .meta({
    openapi: {
      method: 'GET',
      path: '/workspaces/{workspace_id}/channels',
      summary: 'Find public channels',
      description:
        'The public channels of a workspace by name, joined or not. `query` is a part of the name, in any case.',
      tags: ['workspace'],
      refusals: ['workspace_not_found', 'invalid_cursor'],
    },
  })
  .query(async ({ ctx: { deps, principal }, input: { workspaceId, query = '', limit, cursor } }) => {
    const { rows } = await deps.db.pool.query<(ChannelRow | { id: null }) & { after_name: string | null }>({
      name: 'workspace-channels',
      text: channelsSql,
      values: [workspaceId, principal.userId, pages.place(cursor) ?? NIL, containing(query), pages.rowsOf(limit)],
    });
    if (rows[0] === undefined) throw refuse('workspace_not_found');
    if (cursor !== undefined && rows[0].after_name === null) throw refuse('invalid_cursor');
    const { page, nextCursor } = pages.cut(
      rows.filter((row) => row.id !== null),
      limit,
    );
    return { channels: page.map(channelOf), nextCursor };
  });

/** The pattern for text that contains `part`, which has no wildcards of its own. */
const containing = (part: string) => `%${part.replaceAll(/[\\%_]/g, '\\$&')}%`;

const channelOf = (row: ChannelRow): z.infer<typeof Channel> => ({
  id: row.id,
  name: row.name,
  memberCount: row.member_count,
  joined: row.joined,
  createdAt: row.created_at,
});
