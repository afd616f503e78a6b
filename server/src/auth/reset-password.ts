import { PasswordReset } from '@fechatter/contract';
import { sql, type Tx } from '@fechatter/drizzle';
import { type Config, refuse } from '@fechatter/service-kit';
import { z } from 'zod';
import { limitedOpen } from '../access/limited-procedures.ts';
import { type Change, makeChange } from '../change/change.ts';
import { strangersLane } from '../identity/hash-lane.ts';
import { checkPasswordChoice } from '../identity/password-choice.ts';
import { queueMail, queueNotice } from '../mail/queue-mail.ts';
import { joinAsInvited } from '../membership/join-as-invited.ts';
import { dropFactors } from './factors-of.ts';
import { proveAddress } from './prove-address.ts';
import { revokeSessions } from './revoke-sessions.ts';
import { endChallenges } from './signin-challenge.ts';
import { endMailTokens, mustBeGood, spendMailToken } from './spend-mail-token.ts';

export const resetPassword = limitedOpen('mailToken')
  .meta({
    openapi: {
      method: 'POST',
      path: '/auth/reset-password',
      successStatus: 204,
      summary: 'Reset your password with the token from a mail',
      description:
        'Ends all sessions of the account and makes all its devices unknown. Also verifies the address that the ' +
        'token was sent to, as `auth.verifyEmail` does; if it was not verified before, second factors of the account are ' +
        'removed, and otherwise they stay. What was linked to the account before the address was verified is removed ' +
        'too, and a mail says so. Limited to 60 a minute per IP address.',
      tags: ['auth'],
      refusals: ['token_spent', 'password_too_common', 'rate_limited'],
      isProtected: false,
    },
  })
  .input(PasswordReset)
  .output(z.void())
  .mutation(async ({ ctx, input: { token, newPassword } }) => {
    const { config, limits, passwords, revoked } = ctx.deps;
    await limits.take(ctx, 'mailToken');
    await mustBeGood(ctx.deps, 'reset', token);
    await checkPasswordChoice(newPassword);
    const passwordHash = await passwords.hash(newPassword, strangersLane(ctx.address));
    const { ended, userId, signupInvite } = await makeChange(ctx, async (change) => {
      const { tx } = change;
      const { userId, address } = await spendMailToken(tx, 'reset', token);
      await mustBeItsAddress(tx, userId, address);
      const { ended, signupInvite, isFirst } = await proveAddress(change, userId, address);
      await tx.execute(sql`
        update users set password_hash = ${passwordHash}, device_epoch = device_epoch + 1, updated_at = now()
        where id = ${userId}`);
      // They may have been set up by another person than the reader of this mail.
      if (isFirst) await dropFactors(tx, userId);
      await dropEarlierIdentities(change, config, userId);
      await endChallenges(tx, userId);
      await endMailTokens(tx, userId, 'reset');
      await endMailTokens(tx, userId, 'verify');
      change.note('account.passwordReset', { userId });
      await queueMail(tx, config, { kind: 'passwordReset', userId, address });
      return { ended: [...ended, ...(await revokeSessions(change, userId, 'all'))], userId, signupInvite };
    });
    revoked.add(ended);
    await joinAsInvited(ctx, userId, signupInvite);
  });

/**
 * Removes what leads to the account since before its address was verified: the account may have been
 * made or prepared by another person than the reader of this mail, who would not know of that way in. An identity whose provider had
 * verified the address is as old as its verification, and stays.
 */
async function dropEarlierIdentities(
  change: Change,
  config: Pick<Config<'server'>, 'mail'>,
  userId: string,
): Promise<void> {
  const { rows } = await change.tx.execute(sql`
    delete from identities i using users u
    where u.id = ${userId} and i.user_id = u.id and i.created_at < u.email_verified_at returning i.id`);
  if (rows.length === 0) return;
  for (const _ of rows) change.note('account.identityUnlinked', { userId });
  await queueNotice(change.tx, config, { kind: 'identitiesUnlinked', userId });
}

/** The token was sent to an address that the account had at that time. */
async function mustBeItsAddress(tx: Tx, userId: string, address: string): Promise<void> {
  const { rows } = await tx.execute(sql`
    select 1 from users where id = ${userId} and holds_email and lower(email collate "C") = lower(${address}::text collate "C")`);
  if (rows.length === 0) throw refuse('token_spent');
}
