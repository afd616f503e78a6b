import { z } from 'zod';
import { makeChange } from '../change/change.ts';
import { authed } from '../procedures.ts';
import { revokeSessions } from './revoke-sessions.ts';

export const signout = authed('auth')
  .meta({
    openapi: {
      method: 'POST',
      path: '/auth/signout',
      successStatus: 204,
      summary: 'Sign out',
      description: 'Ends this session: its tokens are refused everywhere within 2 s, and its streams are closed.',
      tags: ['auth'],
    },
  })
  .output(z.void())
  .mutation(async ({ ctx }) => {
    const { userId, credential } = ctx.principal;
    ctx.deps.revoked.add(
      await makeChange(ctx, (change) => revokeSessions(change, userId, { only: credential.sessionId })),
    );
  });
