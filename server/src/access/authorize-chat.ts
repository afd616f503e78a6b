import { type ChatPermission, chatRuleOf, type ChatType, type Role, standingNeeded } from '@fechatter/contract';
import { sql, type Tx } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { higherOf, isAtLeast } from './role.ts';

/** A person's standing in a chat that they can see. */
export interface Standing {
  /** Their effective role: that in the chat or, in public channels, that in the workspace if it is higher. */
  readonly role: Role | undefined;
  /** Whether they are a member; workspace Admins and Owners can act in a public channel without being one. */
  readonly isMember: boolean;
}

interface Row extends Record<string, unknown> {
  chat_type: ChatType;
  is_archived: boolean;
  workspace_role: Role;
  chat_role: Role | null;
  was_member: boolean;
}

/**
 * Checks rights by what is committed now. Refuses with chat_not_found if the person cannot see the chat, not_a_member
 * if they can only read it, and role_too_low if their role is lower.
 */
export async function authorizeChat(
  tx: Tx,
  userId: string,
  chatId: string,
  permission: ChatPermission,
): Promise<Standing> {
  const { rows } = await tx.execute<Row>(sql`
    select c.chat_type, c.archived_at is not null as is_archived, w.role as workspace_role, m.role as chat_role,
      exists (select 1 from chat_members p where p.chat_id = c.id and p.user_id = ${userId}) as was_member
    from chats c
    join live_workspace_members w on w.workspace_id = c.workspace_id and w.user_id = ${userId}
    left join live_chat_members m on m.chat_id = c.id and m.user_id = ${userId}
    where c.id = ${chatId} and c.deleted_at is null`);
  const row = rows[0];
  if (row === undefined) throw refuse('chat_not_found');
  const isPublic = row.chat_type === 'PublicChannel';
  const isOpen = isPublic && isAtLeast(row.workspace_role, 'Member');
  const role = effectiveRole(isPublic, row.workspace_role, row.chat_role);
  const rule = chatRuleOf(permission);
  const needed = standingNeeded(rule, row.chat_type);
  if (role === undefined && !isOpen && !(needed === 'Former' && row.was_member)) throw refuse('chat_not_found');
  if (rule.refusesSingle && row.chat_type === 'Single') throw refuse('single_chat_fixed');
  if (needed !== 'Reader' && needed !== 'Former') {
    if (role === undefined) throw refuse('not_a_member');
    if (!isAtLeast(role, needed)) throw refuse('role_too_low');
  }
  if (rule.refusesArchived && row.is_archived) throw refuse('chat_archived');
  return { role, isMember: row.chat_role !== null };
}

/** In public channels, and only there, a workspace role of Admin or Owner counts as a role in the chat. */
export function effectiveRole(isPublic: boolean, workspaceRole: Role, chatRole: Role | null): Role | undefined {
  if (!isPublic || !isAtLeast(workspaceRole, 'Admin')) return chatRole ?? undefined;
  return chatRole === null ? workspaceRole : higherOf(workspaceRole, chatRole);
}
