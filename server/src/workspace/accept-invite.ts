import { hashOfToken } from '@fechatter/service-kit';
import { Typed, Workspace } from '@fechatter/contract';
import { z } from 'zod';
import { limitedAuthed } from '../access/limited-procedures.ts';
import { joinByInvite } from '../membership/join-by-invite.ts';
import { readWorkspace } from './workspace-row.ts';

export const acceptInvite = limitedAuthed('acceptInvite', 'write')
  .input(z.object({ token: Typed }))
  .output(Workspace)
  .meta({
    openapi: {
      method: 'POST',
      path: '/invites/accept',
      summary: 'Join a workspace with an invitation',
      description:
        'If you are already a member, no use is counted. If the invitation is for your e-mail address, verify the ' +
        'address first (`email_unverified`). Limited to 60 a minute.',
      tags: ['workspace'],
      refusals: ['invite_not_found', 'email_unverified', 'quota_exceeded', 'rate_limited'],
    },
  })
  .mutation(async ({ ctx, input }) => {
    await ctx.deps.limits.take(ctx, 'acceptInvite', ctx.principal.userId);
    const userId = ctx.principal.userId;
    const workspaceId = await joinByInvite(ctx, userId, hashOfToken(input.token));
    return readWorkspace(ctx.deps.db, userId, workspaceId);
  });
