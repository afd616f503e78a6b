import type { Role } from '@fechatter/contract';
import { sql, type Tx } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import type { Change } from '../change/change.ts';
import type { LockedChat } from '../change/change-chat.ts';
import { effectiveRole } from '../access/authorize-chat.ts';

// Memberships of a chat whose head is locked. Hold the people in the workspace first (Change.holdInWorkspace).

/** Makes people members who have read everything so far; open memberships stay unchanged. Returns the new members. */
export async function openMemberships(
  change: Change,
  chatId: string,
  userIds: readonly string[],
  role: Role = 'Member',
): Promise<string[]> {
  const { rows } = await change.tx.execute<{ user_id: string }>(sql`
    select n.user_id from unnest(${sql.param([...userIds])}::uuid[]) n (user_id)
    where not exists (
      select 1 from live_chat_members m where m.chat_id = ${chatId} and m.user_id = n.user_id)
    order by 1`);
  if (rows.length === 0) return [];
  const joined = rows.map(({ user_id: userId }) => ({
    userId,
    seq: change.announceInChat(chatId, 'member.joined', { subjectId: userId, facts: { role } }),
  }));
  const ids = sql.param(joined.map(({ userId }) => userId));
  const seqs = sql.param(joined.map(({ seq }) => seq));
  await change.tx.execute(sql`
    insert into chat_members (chat_id, user_id, role, joined_seq, last_read_seq, last_read_number, mark_version, mark_seq)
    select h.chat_id, n.user_id, ${role}::role, n.seq, n.seq, h.last_number, coalesce((
      select max(p.mark_version) + 1 from chat_members p where p.user_id = n.user_id and p.chat_id = h.chat_id), 0), n.seq
    from chat_heads h, unnest(${ids}::uuid[], ${seqs}::bigint[]) n (user_id, seq)
    where h.chat_id = ${chatId}`);
  await noteGuests(change, chatId, userIds);
  return joined.map(({ userId }) => userId);
}

/** Records that a chat has Guests if one of these people is one: events about its members then name the chat. */
export async function noteGuests(change: Change, chatId: string, userIds: readonly string[]): Promise<void> {
  if (!change.holdsGuests) return;
  await change.tx.execute(sql`
    update chat_heads h set has_guests = true
    where h.chat_id = ${chatId} and not h.has_guests and exists (
      select from live_workspace_members w
      where w.workspace_id = h.workspace_id and w.user_id = any (${sql.param([...userIds])}::uuid[]) and w.role < 'Member')`);
}

/** Ends a person's membership. */
export async function endMembershipOf({ id, change, announce }: LockedChat, userId: string): Promise<void> {
  const leftSeq = announce('member.left', { subjectId: userId });
  await change.tx.execute(sql`
    update chat_members set left_seq = ${leftSeq} where chat_id = ${id} and user_id = ${userId} and left_seq is null`);
}

/** A membership of a chat: its role, and its effective role. */
export interface ChatMembership {
  readonly role: Role;
  readonly countsAs: Role;
}

/** A person's membership; throws member_not_found if they have none. */
export async function membershipOf(
  tx: Tx,
  { id, workspaceId, chatType }: LockedChat,
  userId: string,
): Promise<ChatMembership> {
  const { rows } = await tx.execute<{ role: Role; workspace_role: Role }>(sql`
    select m.role, w.role as workspace_role from live_chat_members m
    join live_workspace_members w on w.workspace_id = ${workspaceId} and w.user_id = m.user_id
    where m.chat_id = ${id} and m.user_id = ${userId}`);
  if (rows[0] === undefined) throw refuse('member_not_found');
  const { role, workspace_role: workspaceRole } = rows[0];
  return { role, countsAs: effectiveRole(chatType === 'PublicChannel', workspaceRole, role) ?? role };
}

/** Called when an Owner stops being one: another Owner with an open account must remain. */
export async function keepAnOwner(tx: Tx, chatId: string, userId: string): Promise<void> {
  const { rows } = await tx.execute(sql`
    select 1 from live_chat_members m join users u on u.id = m.user_id and u.status = 'Active'
    where m.chat_id = ${chatId} and m.user_id <> ${userId} and m.role = 'Owner' limit 1`);
  if (rows.length === 0) throw refuse('last_owner');
}
