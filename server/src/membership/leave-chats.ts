import type { Role } from '@fechatter/contract';
import { sql, type Tx } from '@fechatter/drizzle';
import type { Change } from '../change/change.ts';

/**
 * Ends all of a person's memberships in the chats of a workspace whose head is locked, after their workspace_members
 * row was ended. If the last Owner of a chat leaves, the longest-standing Admin becomes Owner, or else the
 * longest-standing Member.
 */
export async function leaveChatsOf(change: Change, workspaceId: string, userId: string): Promise<void> {
  const { tx } = change;
  const found = await openChatsOf(tx, userId, sql`h.workspace_id = ${workspaceId}`);
  if (found.length === 0) return;
  await change.lockChats(found);
  // Some may have ended while waiting for the locks.
  const chatIds = await openChatsOf(tx, userId, sql`h.chat_id = any (${sql.param(found)}::uuid[])`);
  const seqs = chatIds.map((chatId) => change.announceInChat(chatId, 'member.left', { subjectId: userId }));
  const { rows } = await tx.execute<{ chat_id: string }>(sql`
    with ended as (
      update chat_members m set left_seq = n.seq
      from unnest(${sql.param(chatIds)}::uuid[], ${sql.param(seqs)}::bigint[]) n (chat_id, seq)
      where m.chat_id = n.chat_id and m.user_id = ${userId} and m.left_seq is null
      returning m.chat_id, m.role)
    select chat_id from ended where role = 'Owner'`);
  await succeedOwners(
    change,
    workspaceId,
    rows.map(({ chat_id: chatId }) => chatId),
  );
}

/**
 * Makes a person who has become a Guest a Member of the chats in which they were more, after their workspace_members row
 * was changed. The workspace's head is locked. If they were a chat's last Owner, it gets another one as if they had left.
 */
export async function lowerInChatsOf(change: Change, workspaceId: string, userId: string): Promise<void> {
  const { tx } = change;
  const toChange = sql`h.workspace_id = ${workspaceId} and (m.role > 'Member' or not h.has_guests)`;
  const found = await openChatsOf(tx, userId, toChange);
  if (found.length === 0) return;
  await change.lockChats(found);
  await tx.execute(
    sql`update chat_heads set has_guests = true where chat_id = any (${sql.param(found)}::uuid[]) and not has_guests`,
  );
  const { rows } = await tx.execute<{ chat_id: string; role_before: Role }>(sql`
    with lowered as materialized (
      select m.chat_id, m.role from live_chat_members m
      where m.chat_id = any (${sql.param(found)}::uuid[]) and m.user_id = ${userId} and m.role > 'Member')
    update chat_members m set role = 'Member' from lowered l
    where m.chat_id = l.chat_id and m.user_id = ${userId} and m.left_seq is null
    returning m.chat_id, l.role as role_before`);
  const chats = rows.toSorted((a, b) => (a.chat_id < b.chat_id ? -1 : 1));
  for (const { chat_id: chatId, role_before: roleBefore } of chats) {
    change.announceInChat(chatId, 'member.updated', { subjectId: userId, facts: { role: 'Member' } });
    change.note('chat.roleChanged', { workspaceId, userId, details: { chatId, role: 'Member', roleBefore } });
  }
  await succeedOwners(
    change,
    workspaceId,
    chats.flatMap(({ chat_id: chatId, role_before: roleBefore }) => (roleBefore === 'Owner' ? [chatId] : [])),
  );
}

/**
 * Gives an Owner to those chats of a person who is no Guest any more that had only Guests, after their workspace_members
 * row was changed. The workspace's head is locked.
 */
export async function ownChatsOf(change: Change, workspaceId: string, userId: string): Promise<void> {
  const found = await openChatsOf(
    change.tx,
    userId,
    sql`h.workspace_id = ${workspaceId} and h.chat_type <> 'Single' and not exists (
      select 1 from live_chat_members o where o.chat_id = h.chat_id and o.role = 'Owner')`,
  );
  if (found.length === 0) return;
  await change.lockChats(found);
  await succeedOwners(change, workspaceId, found);
}

async function openChatsOf(tx: Tx, userId: string, where: ReturnType<typeof sql>): Promise<string[]> {
  const { rows } = await tx.execute<{ chat_id: string }>(sql`
    select m.chat_id from live_chat_members m join chat_heads h on h.chat_id = m.chat_id
    where m.user_id = ${userId} and ${where} order by 1`);
  return rows.map(({ chat_id: chatId }) => chatId);
}

/**
 * If no Owner with an open account is left, the longest-standing Admin becomes Owner, or else the longest-standing
 * Member; people whose account is closed only if there is no one else, Guests and bots never. The successors cannot leave
 * meanwhile: that would need the lock that is held.
 */
async function succeedOwners(change: Change, workspaceId: string, chatIds: readonly string[]): Promise<void> {
  const { rows } = await change.tx.execute<{ chat_id: string; user_id: string; role_before: Role }>(sql`
    update chat_members m set role = 'Owner'
    from (
      select distinct on (p.chat_id) p.chat_id, p.user_id, p.joined_seq, p.role
      from live_chat_members p join chat_heads h on h.chat_id = p.chat_id
      join users u on u.id = p.user_id
      join live_workspace_members w on w.workspace_id = h.workspace_id and w.user_id = p.user_id and w.role >= 'Member'
      where p.chat_id = any (${sql.param([...chatIds])}::uuid[]) and h.chat_type <> 'Single' and u.kind = 'Person'
        and p.role <> 'Owner' and not exists (
          select 1 from live_chat_members o join users a on a.id = o.user_id and (a.status = 'Active' or u.status <> 'Active')
          where o.chat_id = p.chat_id and o.role = 'Owner')
      order by p.chat_id, u.status = 'Active' desc, p.role desc, p.joined_seq, p.user_id) s
    where m.chat_id = s.chat_id and m.user_id = s.user_id and m.joined_seq = s.joined_seq
    returning m.chat_id, m.user_id, s.role as role_before`);
  for (const { chat_id: chatId, user_id: userId, role_before: roleBefore } of rows) {
    const facts = { role: 'Owner', byId: undefined } as const;
    change.announceInChat(chatId, 'member.updated', { subjectId: userId, facts });
    change.note('chat.roleChanged', { workspaceId, userId, details: { chatId, role: 'Owner', roleBefore } });
  }
}
