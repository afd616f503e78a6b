import { OidcFinish, Session } from '@fechatter/contract';
import type { Tx } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { limitedOpen } from '../access/limited-procedures.ts';
import { makeChange } from '../change/change.ts';
import type { Context } from '../context.ts';
import { checkSignup } from './check-signup.ts';
import { finishFlow } from './oidc-flow.ts';
import { openSession } from './open-session.ts';
import { providedAccount } from './provided-account.ts';
import { secondFactorNeeded } from './signin-challenge.ts';

export const oidcFinish = limitedOpen('oidc')
  .meta({
    openapi: {
      method: 'POST',
      path: '/auth/oidc/finish',
      successStatus: 200,
      summary: 'Finish a sign-in at a provider',
      description:
        'Opens a session. The account is found by issuer and subject alone; a first sign-in leads to the account that ' +
        'has verified the same address, if the provider has verified it too, or else makes a new one, if sign-up is ' +
        'allowed. An account that has not verified the address is never used. `email_taken`: that account knows ' +
        'another person of this provider already; sign in to it, and use `auth.link`. A second factor is asked for here ' +
        'too. Spent, late and made-up values, and those of another app, are `token_spent`. Limited to 60 a minute per ' +
        'IP address.',
      tags: ['auth'],
      refusals: [
        'token_spent',
        'issuer_unavailable',
        'email_taken',
        'second_factor_required',
        'account_suspended',
        'signup_closed',
        'invitation_needed',
        'domain_not_allowed',
        'rate_limited',
      ],
      isProtected: false,
    },
  })
  .input(OidcFinish)
  .output(Session)
  .mutation(async ({ ctx, input: { inviteToken, ...callback } }) => {
    const { deps } = ctx;
    await deps.limits.take(ctx, 'oidc');
    const person = await finishFlow(deps, callback);
    const rules = {
      config: deps.config,
      checkNew: (tx: Tx) => checkSignup(tx, deps, (person.isEmailVerified && person.email) || '', inviteToken),
    };
    const { userId, ended } = await makeChange(ctx, (change) => providedAccount(change, person, rules));
    deps.revoked.add([...ended]);
    return signIn(ctx, userId);
  });

/** A second factor is asked for as after a password: it was set up to prevent sign-ins without it. */
async function signIn(ctx: Context, userId: string): Promise<Session> {
  const session = await openSession(ctx, {
    name: 'provider',
    mail: null,
    text: `select id, email, full_name, device_epoch from users
           where id = $13::uuid and status = 'Active' and second_factor_at is null for share`,
    values: [userId],
  });
  if (session !== undefined) return session;
  const { rows } = await ctx.deps.db.pool.query<{ passwordHash: string }>(
    `select password_hash as "passwordHash" from users
     where id = $1 and status = 'Active' and second_factor_at is not null`,
    [userId],
  );
  if (rows[0] === undefined) throw refuse('account_suspended');
  throw await secondFactorNeeded(ctx, { id: userId, ...rows[0] }, undefined);
}
