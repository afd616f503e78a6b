import { Member, type Role, WorkspaceRoleChange } from '@fechatter/contract';
import { type Database, memberColumns, memberOf, type MemberRow } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { changeWorkspace } from '../change/change-workspace.ts';
import { mayChangeRole } from '../access/role.ts';
import { inWorkspace } from '../access/scoped-procedures.ts';
import { changeRole } from '../membership/change-role.ts';
import { mustNotBeBot } from '../membership/must-not-be-bot.ts';
import { keepAnOwner, roleOfMember } from '../membership/workspace-memberships.ts';

export const setRole = inWorkspace('workspace.setRole', 'write')
  .input(WorkspaceRoleChange)
  .output(Member)
  .meta({
    openapi: {
      method: 'PATCH',
      path: '/workspaces/{workspace_id}/members/{user_id}',
      summary: 'Change a member’s role',
      description:
        'You can change members whose role is below yours, and give at most your own role. Owners can also lower ' +
        'Owners, including themselves, but the last Owner must stay Owner. A person who becomes a Guest stays in their ' +
        'chats as a Member; where they were the last Owner, someone else becomes Owner as if they had left. A bot stays a Member.',
      tags: ['workspace'],
      refusals: ['workspace_not_found', 'role_too_low', 'member_not_found', 'last_owner', 'bots_are_members'],
    },
  })
  .mutation(async ({ ctx, input: { workspaceId, userId, role } }) => {
    await changeWorkspace(ctx, workspaceId, 'workspace.setRole', async (tx, workspace) => {
      const before: Role = await roleOfMember(tx, workspaceId, userId);
      if (!mayChangeRole(workspace.role, before, role)) throw refuse('role_too_low');
      if (before === role) return;
      await mustNotBeBot(tx, userId);
      if (before === 'Owner') await keepAnOwner(tx, workspaceId, userId);
      await changeRole(workspace.change, workspaceId, { userId, role, before });
    });
    return readMember(ctx.deps.db, workspaceId, userId);
  });

async function readMember(db: Database, workspaceId: string, userId: string): Promise<Member> {
  const { rows } = await db.pool.query<MemberRow>(
    `select ${memberColumns} from live_workspace_members p join users u on u.id = p.user_id
     where p.workspace_id = $1 and p.user_id = $2`,
    [workspaceId, userId],
  );
  if (rows[0] === undefined) throw refuse('member_not_found');
  return memberOf(rows[0]);
}
