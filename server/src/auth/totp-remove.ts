import { Reauthentication } from '@fechatter/contract';
import { sql } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { z } from 'zod';
import { reauthenticated } from '../access/limited-procedures.ts';
import { mustLive } from '../access/must-live.ts';
import { makeChange } from '../change/change.ts';
import { queueNotice } from '../mail/queue-mail.ts';
import { settleFactors } from './factors-of.ts';
import { proveAgain } from './prove-again.ts';

export const totpRemove = reauthenticated
  .meta({
    openapi: {
      method: 'POST',
      path: '/auth/totp/remove',
      successStatus: 204,
      summary: 'Remove the authenticator app',
      description:
        'Needs the current password, a code of the app, a recovery code, or what a passkey signed. If no other second factor is left, the ' +
        'password alone signs in again, and the recovery codes stop working.',
      tags: ['auth'],
      refusals: ['wrong_password', 'token_spent', 'passkeys_off', 'second_factor_off', 'rate_limited'],
    },
  })
  .input(Reauthentication)
  .output(z.void())
  .mutation(async ({ ctx, input }) => {
    const { userId, credential } = ctx.principal;
    const proof = await proveAgain(ctx, input);
    await makeChange(ctx, async (change) => {
      const { tx } = change;
      await mustLive(tx, credential.sessionId);
      await proof.spend(tx);
      const { rows } = await tx.execute(sql`
        delete from totp_factors where user_id = ${userId} and confirmed_at is not null returning user_id`);
      if (rows.length === 0) throw refuse('second_factor_off');
      await settleFactors(tx, userId);
      change.note('account.totpRemoved', { userId });
      await queueNotice(tx, ctx.deps.config, { kind: 'factorRemoved', userId });
    });
  });
