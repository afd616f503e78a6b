import { Id } from '@fechatter/contract';
import { sql } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { z } from 'zod';
import { reauthenticated } from '../access/limited-procedures.ts';
import { mustBeFresh } from '../access/must-be-fresh.ts';
import { makeChange } from '../change/change.ts';
import { queueNotice } from '../mail/queue-mail.ts';
import { settleFactors } from './factors-of.ts';

export const passkeyRemove = reauthenticated
  .meta({
    openapi: {
      method: 'DELETE',
      path: '/auth/passkeys/{passkey_id}',
      successStatus: 204,
      summary: 'Remove a passkey',
      description:
        'It no longer signs you in. If no other second factor is left, the password alone signs in again, and the ' +
        'recovery codes stop working. Needs a sign-in or `auth.reauthenticate` within the last ten minutes.',
      tags: ['auth'],
      refusals: ['passkey_not_found', 'reauthentication_needed', 'rate_limited'],
    },
  })
  .input(z.object({ passkeyId: Id }))
  .output(z.void())
  .mutation(async ({ ctx, input: { passkeyId } }) => {
    const { userId, credential } = ctx.principal;
    await ctx.deps.limits.take(ctx, 'passwordChange', credential.sessionId);
    await makeChange(ctx, async (change) => {
      const { tx } = change;
      await mustBeFresh(tx, credential.sessionId);
      await tx.execute(sql`select 1 from users where id = ${userId} for no key update`);
      const { rows } = await tx.execute(
        sql`delete from passkeys where id = ${passkeyId} and user_id = ${userId} returning id`,
      );
      if (rows.length === 0) throw refuse('passkey_not_found');
      await settleFactors(tx, userId);
      change.note('account.passkeyRemoved', { userId, details: { passkeyId } });
      await queueNotice(tx, ctx.deps.config, { kind: 'factorRemoved', userId });
    });
  });
