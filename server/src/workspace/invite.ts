import { InviteCreate, limits, NewInvite } from '@fechatter/contract';
import { schema, sql } from '@fechatter/drizzle';
import { hashOfToken, refuse } from '@fechatter/service-kit';
import { v7 as uuidv7 } from 'uuid';
import { limitedAuthed } from '../access/limited-procedures.ts';
import { changeWorkspace } from '../change/change-workspace.ts';
import { mustBeActive } from '../access/must-be-active.ts';
import { checkInvites } from '../limits/quotas.ts';
import { isAtLeast } from '../access/role.ts';
import { inWorkspace } from '../access/scoped-procedures.ts';
import { newInviteToken } from '../membership/invite-rows.ts';

export const invite = inWorkspace('workspace.invite', limitedAuthed('invite', 'write'))
  .input(InviteCreate)
  .output(NewInvite)
  .meta({
    openapi: {
      method: 'POST',
      path: '/workspaces/{workspace_id}/invites',
      successStatus: 201,
      summary: 'Invite people to a workspace',
      description:
        'For Admins and Owners, who can give at most their own role. The token is shown only once, in this response. ' +
        'With `email`, only that address can use it. The invitation ends when the person who made it leaves, is ' +
        'suspended, or can no longer give its role. Limited to 120 a minute.',
      tags: ['workspace'],
      refusals: ['workspace_not_found', 'role_too_low', 'quota_exceeded', 'rate_limited'],
    },
  })
  .mutation(async ({ ctx, input }) => {
    await ctx.deps.limits.take(ctx, 'invite', ctx.principal.userId);
    return changeWorkspace(ctx, input.workspaceId, 'workspace.invite', async (tx, workspace) => {
      if (!isAtLeast(workspace.role, input.role)) throw refuse('role_too_low');
      // A suspension ends the invitations that exist by then, and another server may not know of it yet.
      await mustBeActive(tx, ctx.principal.userId);
      await checkInvites(tx, workspace.id, ctx.deps.config.limits);
      const token = newInviteToken();
      const seconds = input.expiresInSeconds ?? limits.inviteDefaultSeconds;
      const [made] = await tx
        .insert(schema.workspaceInvites)
        .values({
          id: uuidv7(),
          workspaceId: workspace.id,
          createdBy: ctx.principal.userId,
          tokenHash: hashOfToken(token),
          role: input.role,
          email: input.email ?? null,
          maxUses: input.maxUses ?? 1,
          expiresAt: sql`clock_timestamp() + make_interval(secs => ${seconds})`,
        })
        .returning();
      if (made === undefined) throw new Error('an insert returns its row');
      const { id: inviteId, role } = made;
      workspace.change.note('invite.created', { workspaceId: workspace.id, details: { inviteId, role } });
      return { ...made, token };
    });
  });
