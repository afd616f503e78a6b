import { ReactorList, ReactorPage } from '@fechatter/contract';
import { userColumnList, type UserRow, userOf } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { z } from 'zod';
import { readableChat } from '../access/readable-chat.ts';
import { inChat } from '../access/scoped-procedures.ts';
import { pagesOf } from '../page-cursor.ts';
import { reactionOf } from '../reaction/emoji.ts';

type ReactorRow = UserRow & { readonly seq: number };
/** The chat's seq of a reaction, which is unique. */
const pages = pagesOf('reactors', z.int().nonnegative(), ({ seq }: ReactorRow) => seq);

const reactorsSql = `
  with scope as materialized (${readableChat('$1', '$2')})
  select m.id as message_id, p.* from scope
  left join lateral (
    select m.id from messages m where m.id = $3::uuid and m.chat_id = scope.chat_id and m.deleted_at is null limit 1) m on true
  left join lateral (
    select ${userColumnList}, r.seq from reactions r join users u on u.id = r.user_id
    where r.message_id = m.id and r.emoji = $4 and r.seq > $5 order by r.seq limit $6) p on true
  order by p.seq`;

export const reactors = inChat('chat.read', 'read')
  .input(ReactorPage)
  .output(ReactorList)
  .meta({
    openapi: {
      method: 'GET',
      path: '/chats/{chat_id}/messages/{message_id}/reactions/{emoji}',
      summary: 'List who reacted with an emoji',
      description: 'In the order in which they reacted. For everyone who can read the message.',
      tags: ['message'],
      refusals: ['chat_not_found', 'message_not_found', 'not_an_emoji', 'invalid_cursor'],
    },
  })
  .query(async ({ ctx: { deps, principal }, input: { chatId, messageId, emoji, limit, cursor } }) => {
    const { rows } = await deps.db.pool.query<{ message_id: string | null } & (ReactorRow | { id: null })>({
      name: 'reactors',
      text: reactorsSql,
      values: [
        principal.userId,
        chatId,
        messageId,
        reactionOf(emoji) ?? '',
        pages.place(cursor) ?? 0,
        pages.rowsOf(limit),
      ],
    });
    if (rows[0] === undefined) throw refuse('chat_not_found');
    if (rows[0].message_id === null) throw refuse('message_not_found');
    if (reactionOf(emoji) === undefined) throw refuse('not_an_emoji');
    const { page, nextCursor } = pages.cut(
      rows.filter((row) => row.id !== null),
      limit,
    );
    return { users: page.map(userOf), nextCursor };
  });
