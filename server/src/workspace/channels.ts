import { type Channel, ChannelList, SearchText, WorkspacePage } from '@fechatter/contract';
import { refuse } from '@fechatter/service-kit';
import { NIL } from 'uuid';
import { z } from 'zod';
import { inWorkspace } from '../access/scoped-procedures.ts';
import { pagesOf } from '../page-cursor.ts';

interface ChannelRow {
  id: string;
  name: string;
  topic: string | null;
  archived_at: Date | null;
  member_count: number;
  joined: boolean;
  created_at: Date;
}
/** A cursor contains the name at which the page ended: the channel may have another name when the next page is read. */
const pages = pagesOf('channels', z.tuple([SearchText, z.uuid()]), ({ name, id }: ChannelRow): [string, string] => [
  name,
  id,
]);

const channelsSql = `
  with scope as materialized (
    select m.workspace_id, m.role from live_workspace_members m
    where m.workspace_id = $1 and m.user_id = $2)
  select k.* from scope left join lateral (
    select p.*,
      (select count(*)::int from live_chat_members n where n.chat_id = p.id) as member_count,
      exists (select 1 from live_chat_members n where n.chat_id = p.id and n.user_id = $2) as joined
    from (
      select c.id, c.name, c.topic, c.archived_at, c.created_at from chats c
      where c.workspace_id = scope.workspace_id and scope.role >= 'Member' and c.chat_type = 'PublicChannel' and c.deleted_at is null
        and c.name ilike $5 collate "und-x-icu" and (c.name, c.id) > ($3, $4::uuid)
      order by c.name, c.id limit $6) p) k on true
  order by k.name, k.id`;

export const channels = inWorkspace('workspace.read', 'read')
  .input(WorkspacePage.extend({ query: SearchText.optional() }))
  .output(ChannelList)
  .meta({
    openapi: {
      method: 'GET',
      path: '/workspaces/{workspace_id}/channels',
      summary: 'Find public channels',
      description:
        'The workspace’s public channels by name, whether you have joined them or not; for Guests, none. `query` ' +
        'matches any part of the name, in any case.',
      tags: ['workspace'],
      refusals: ['workspace_not_found', 'invalid_cursor', 'rate_limited'],
    },
  })
  .query(async ({ ctx, input: { workspaceId, query = '', limit, cursor } }) => {
    const { deps, principal } = ctx;
    if (query !== '') deps.budgets.take(ctx, 'heavy');
    const [afterName, afterId] = pages.place(cursor) ?? ['', NIL];
    const { rows } = await deps.db.pool.query<ChannelRow | { id: null }>({
      name: 'workspace-channels',
      text: channelsSql,
      values: [workspaceId, principal.userId, afterName, afterId, containing(query), pages.rowsOf(limit)],
    });
    if (rows[0] === undefined) throw refuse('workspace_not_found');
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
  topic: row.topic,
  archivedAt: row.archived_at,
  memberCount: row.member_count,
  joined: row.joined,
  createdAt: row.created_at,
});
