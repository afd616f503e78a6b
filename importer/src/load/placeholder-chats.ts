import { sql } from '@fechatter/drizzle';
import type { Change } from '@fechatter/server/change';
import type { OpenChat } from './chats.ts';
import type { ImportRun } from './import-deps.ts';

/**
 * Remembers the chats of placeholders that can be claimed: those that they were in, with their role there, and those in which
 * they only wrote. It reads the whole chat, so it is done before the chat is finished, without its locks.
 */
export async function rememberPlaceholders(
  { client, workspaceId }: ImportRun,
  { id, placeholders }: OpenChat,
): Promise<void> {
  await client.query(
    `insert into import_members (user_id, chat_id, role)
     select n.user_id, $1, n.role::role from (
       select distinct on (user_id) user_id, role from (
         select user_id, role from unnest($3::uuid[], $4::text[]) n (user_id, role)
         union all
         select s.sender_id, null from pg_temp.import_order o join pg_temp.import_staged s on s.ord = o.ord
         where o.chat_id = $1) k
       order by user_id, role nulls last) n
     join placeholders p on p.user_id = n.user_id and p.workspace_id = $2
     for key share of p
     on conflict (user_id, chat_id) do update set role = excluded.role`,
    [id, workspaceId, [...placeholders.keys()], [...placeholders.values()]],
  );
}

/** Those whose claim was confirmed meanwhile are to be made members of this chat too. Until now it could not be entered. */
export async function reopenClaims({ tx }: Change, chatId: string): Promise<void> {
  await tx.execute(sql`
    update import_members set joined_at = null where chat_id = ${chatId} and joined_at is not null`);
  await tx.execute(sql`
    update placeholders p set joined_at = null from import_members m
    where m.chat_id = ${chatId} and p.user_id = m.user_id and p.joined_at is not null`);
}
