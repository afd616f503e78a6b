import { Id } from '@fechatter/contract';
import { refuse } from '@fechatter/service-kit';
import { z } from 'zod';
import { makeChange } from '../change/change.ts';
import { authed } from '../procedures.ts';
import { revokeSessions } from './revoke-sessions.ts';

export const revokeSession = authed('auth')
  .meta({
    openapi: {
      method: 'DELETE',
      path: '/auth/sessions/{session_id}',
      successStatus: 204,
      summary: 'End a session',
      description: 'Signs out one of your own devices.',
      tags: ['auth'],
      refusals: ['session_not_found'],
    },
  })
  .input(z.object({ sessionId: Id }))
  .output(z.void())
  .mutation(async ({ ctx, input: { sessionId } }) => {
    const ended = await makeChange(ctx, (change) => revokeSessions(change, ctx.principal.userId, { only: sessionId }));
    if (ended.length === 0) throw refuse('session_not_found');
    ctx.deps.revoked.add(ended);
  });
