import { ChatPage, MemberList } from '@fechatter/contract';
import { memberColumns, memberOf, type MemberRow } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { NIL } from 'uuid';
import { inChat } from '../access/scoped-procedures.ts';
import { memberPages } from '../membership/member-pages.ts';
import { readableChat } from '../access/readable-chat.ts';

const membersSql = `
  with scope as materialized (${readableChat('$1', '$2')})
  select m.* from scope left join lateral (
    select ${memberColumns} from live_chat_members p join users u on u.id = p.user_id
    where p.chat_id = scope.chat_id and p.user_id > $3
    order by p.user_id limit $4) m on true
  order by m.id`;

export const members = inChat('chat.read', 'read')
  .input(ChatPage)
  .output(MemberList)
  .meta({
    openapi: {
      method: 'GET',
      path: '/chats/{chat_id}/members',
      summary: 'List the members of a chat',
      description: 'For members, and in a public channel for everyone in the workspace. In a fixed order.',
      tags: ['chat'],
      refusals: ['chat_not_found', 'invalid_cursor'],
    },
  })
  .query(async ({ ctx: { deps, principal }, input: { chatId, limit, cursor } }) => {
    const { rows } = await deps.db.pool.query<MemberRow | { id: null }>({
      name: 'chat-members',
      text: membersSql,
      values: [principal.userId, chatId, memberPages.place(cursor) ?? NIL, memberPages.rowsOf(limit)],
    });
    if (rows.length === 0) throw refuse('chat_not_found');
    const { page, nextCursor } = memberPages.cut(
      rows.filter((row) => row.id !== null),
      limit,
    );
    return { members: page.map(memberOf), nextCursor };
  });
