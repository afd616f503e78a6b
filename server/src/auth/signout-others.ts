import { z } from 'zod';
import { mustLive } from '../access/must-live.ts';
import { makeChange } from '../change/change.ts';
import { authed } from '../procedures.ts';
import { revokeSessions } from './revoke-sessions.ts';

export const signoutOthers = authed('auth')
  .meta({
    openapi: {
      method: 'POST',
      path: '/auth/signout-others',
      successStatus: 204,
      summary: 'Sign out all other devices',
      description: 'Ends all sessions of your account but this one.',
      tags: ['auth'],
    },
  })
  .output(z.void())
  .mutation(async ({ ctx }) => {
    const { userId, credential } = ctx.principal;
    const ended = await makeChange(ctx, async (change) => {
      await mustLive(change.tx, credential.sessionId);
      return revokeSessions(change, userId, { allBut: credential.sessionId });
    });
    ctx.deps.revoked.add(ended);
  });
