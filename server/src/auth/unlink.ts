import { IdentityRef } from '@fechatter/contract';
import { sql } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { z } from 'zod';
import { mustBeFresh } from '../access/must-be-fresh.ts';
import { makeChange } from '../change/change.ts';
import { authed } from '../procedures.ts';

export const unlink = authed('auth')
  .meta({
    openapi: {
      method: 'DELETE',
      path: '/auth/identities/{identity_id}',
      successStatus: 204,
      summary: 'Let something sign you in no longer',
      description:
        'Needs a recent proof, as `auth.link`. Sessions stay. Make sure that you have another way to sign in: if you ' +
        'have never had a password, set one first with `auth.requestPasswordReset`.',
      tags: ['auth'],
      refusals: ['identity_not_found', 'reauthentication_needed'],
    },
  })
  .input(IdentityRef)
  .output(z.void())
  .mutation(async ({ ctx, input }) => {
    const { userId, credential } = ctx.principal;
    await makeChange(ctx, async (change) => {
      await mustBeFresh(change.tx, credential.sessionId);
      const { rowCount } = await change.tx.execute(
        sql`delete from identities where id = ${input.identityId} and user_id = ${userId}`,
      );
      if (rowCount === 0) throw refuse('identity_not_found');
      change.note('account.identityUnlinked', { userId });
    });
  });
