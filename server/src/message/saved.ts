import { SavedList, SavedPage } from '@fechatter/contract';
import { messageColumnsFor, messageJoins, type ReadMessageRow } from '@fechatter/drizzle';
import { z } from 'zod';
import { pagesOf } from '../page-cursor.ts';
import { authed } from '../procedures.ts';
import { shownMessage } from './shown-message.ts';

type SavedRow = ReadMessageRow & { readonly saved_number: number; readonly saved_at: Date };
const pages = pagesOf('saved', z.int().nonnegative(), (row: SavedRow) => row.saved_number);

// One look-up per message, in order: a plan made while tables are small must not scan all chats later. Messages that
// the person cannot read now are skipped.
const savedSql = `
  select k.number as saved_number, k.saved_at, ${messageColumnsFor('$1')}
  from saved_messages k
  cross join lateral (
    select c.id from chats c
    cross join lateral (
      select w.role from live_workspace_members w
      where w.workspace_id = c.workspace_id and w.user_id = $1::uuid limit 1) w
    where c.id = k.chat_id and c.deleted_at is null and (c.chat_type = 'PublicChannel' and w.role >= 'Member' or exists (
      select from live_chat_members p where p.chat_id = c.id and p.user_id = $1::uuid)) limit 1) readable
  cross join lateral (select * from messages where id = k.message_id and deleted_at is null limit 1) m
  ${messageJoins}
  where k.user_id = $1::uuid and ($2::bigint is null or k.number < $2::bigint)
  order by k.number desc limit $3`;

export const saved = authed('read')
  .input(SavedPage)
  .output(SavedList)
  .meta({
    keyPermission: 'chat.read',
    openapi: {
      method: 'GET',
      path: '/saved',
      summary: 'List the messages that you have saved',
      description:
        'The latest saved first, of all workspaces. Messages of chats that you cannot read at the moment are left out, ' +
        'and come back when you can.',
      tags: ['message'],
      refusals: ['invalid_cursor'],
    },
  })
  .query(async ({ ctx: { deps, principal }, input: { limit, cursor } = {} }) => {
    const { rows } = await deps.db.pool.query<SavedRow>({
      name: 'saved-messages',
      text: savedSql,
      values: [principal.userId, pages.place(cursor) ?? null, pages.rowsOf(limit)],
    });
    const { page, nextCursor } = pages.cut(rows, limit);
    return { saved: page.map((row) => ({ message: shownMessage(deps, row), savedAt: row.saved_at })), nextCursor };
  });
