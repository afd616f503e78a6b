import { Exchange, Session } from '@fechatter/contract';
import { sql, type Tx } from '@fechatter/drizzle';
import { type Config, refuse } from '@fechatter/service-kit';
import { limitedOpen } from '../access/limited-procedures.ts';
import { type Change, makeChange } from '../change/change.ts';
import type { IssuedPerson, IssuedToken } from '../identity/trusted-issuers.ts';
import { hidesAccounts } from '../mail/hides-accounts.ts';
import { insertBrought, isHeld, lockIdentity, personOfIdentity } from './brought-person.ts';
import { openSessionOf } from './open-session-of.ts';

export const exchange = limitedOpen('exchange')
  .meta({
    openapi: {
      method: 'POST',
      path: '/auth/exchange',
      successStatus: 200,
      summary: 'Sign in with a token of another app',
      description:
        'For apps whose users are already signed in: a JWT of an issuer that the operator trusts (`auth.issuers`) is ' +
        'exchanged for a session. Its `iss` and `id` claim are the only key to the person, who is made when they come ' +
        'for the first time, with the name, picture and address that the token gives. They are never found by ' +
        'address; the address counts as unverified, and one that another account has is left out (where a mail host ' +
        'sends mail it stays a claim, so that callers cannot learn who has an account). Later tokens change none of that. A token needs `exp`, at most a day ahead, works once, and may be 60 s off. Limited to ' +
        '600 a minute per IP address.',
      tags: ['auth'],
      refusals: ['token_invalid', 'token_expired', 'account_suspended', 'issuer_unavailable', 'rate_limited'],
      isProtected: false,
    },
  })
  .input(Exchange)
  .output(Session)
  .mutation(async ({ ctx, input }) => {
    const { config, issuers, limits } = ctx.deps;
    await limits.take(ctx, 'exchange');
    const token = await issuers.verify(input.token);
    const userId = await makeChange(ctx, async (change) => {
      await spend(change.tx, token);
      return findOrInsert(change, token.person, config);
    });
    return openSessionOf(ctx, userId);
  });

/** Uses a token up; of two concurrent uses one succeeds. */
async function spend(tx: Tx, { hash, expiresAt }: IssuedToken): Promise<void> {
  const { rowCount } = await tx.execute(sql`
    insert into exchanged_tokens (token_hash, expires_at) values (${hash}, ${expiresAt}) on conflict do nothing`);
  if (rowCount === 0)
    throw refuse('token_invalid', { message: 'This token was used before; get a new one from its issuer.' });
}

async function findOrInsert(change: Change, person: IssuedPerson, config: Config<'server'>): Promise<string> {
  await lockIdentity(change.tx, person);
  const known = await personOfIdentity(change.tx, person);
  if (known !== undefined) return known;
  // If mail can verify addresses, several accounts may claim one: leaving it out would reveal that it has an account.
  const isLeftOut = person.email !== undefined && !hidesAccounts(config) && (await isHeld(change.tx, person.email));
  return insertBrought(change, isLeftOut ? { ...person, email: undefined } : person);
}
