import { RecoveryCodes } from '@fechatter/contract';
import { refuse } from '@fechatter/service-kit';
import { reauthenticated } from '../access/limited-procedures.ts';
import { mustBeFresh } from '../access/must-be-fresh.ts';
import { makeChange } from '../change/change.ts';
import { lockOwner, renewCodes } from './factors-of.ts';

export const renewRecoveryCodes = reauthenticated
  .meta({
    openapi: {
      method: 'POST',
      path: '/auth/recovery-codes',
      successStatus: 201,
      summary: 'Make new recovery codes',
      description:
        'Returns ten new codes, shown only now; all earlier ones stop working. Needs a sign-in or ' +
        '`auth.reauthenticate` within the last ten minutes.',
      tags: ['auth'],
      refusals: ['reauthentication_needed', 'email_unverified', 'second_factor_off', 'rate_limited'],
    },
  })
  .output(RecoveryCodes)
  .mutation(async ({ ctx }) => {
    const { userId, credential } = ctx.principal;
    await ctx.deps.limits.take(ctx, 'passwordChange', credential.sessionId);
    return makeChange(ctx, async (change) => {
      await mustBeFresh(change.tx, credential.sessionId);
      const { hasSecondFactor } = await lockOwner(change.tx, ctx.deps, userId);
      if (!hasSecondFactor) throw refuse('second_factor_off');
      return { recoveryCodes: await renewCodes(change, userId) };
    });
  });
