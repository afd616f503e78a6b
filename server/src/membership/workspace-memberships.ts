import type { Role } from '@fechatter/contract';
import { sql, type Tx } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';

/** The role of a person in a workspace whose head is locked; throws member_not_found if they are not in it. */
export async function roleOfMember(tx: Tx, workspaceId: string, userId: string): Promise<Role> {
  const { rows } = await tx.execute<{ role: Role }>(sql`
    select role from live_workspace_members where workspace_id = ${workspaceId} and user_id = ${userId}`);
  if (rows[0] === undefined) throw refuse('member_not_found');
  return rows[0].role;
}

/** Called when an Owner stops being one: another Owner with an open account must remain. */
export async function keepAnOwner(tx: Tx, workspaceId: string, userId: string): Promise<void> {
  const { rows } = await tx.execute(sql`
    select 1 from live_workspace_members m join users u on u.id = m.user_id and u.status = 'Active'
    where m.workspace_id = ${workspaceId} and m.user_id <> ${userId} and m.role = 'Owner' limit 1`);
  if (rows.length === 0) throw refuse('last_owner');
}
