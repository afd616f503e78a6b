import { z } from 'zod';
import { makeChange } from '../change/change.ts';
import { authed } from '../procedures.ts';
import { revokeSessions } from './revoke-sessions.ts';

export const signoutAll = authed('auth')
  .meta({
    openapi: {
      method: 'POST',
      path: '/auth/signout-all',
      successStatus: 204,
      summary: 'Sign out everywhere',
      description: 'Ends all sessions of your account, including this one.',
      tags: ['auth'],
    },
  })
  .output(z.void())
  .mutation(async ({ ctx }) => {
    ctx.deps.revoked.add(await makeChange(ctx, (change) => revokeSessions(change, ctx.principal.userId, 'all')));
  });
