import { Identity, OidcCallback } from '@fechatter/contract';
import { sql, type Tx } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { limitedAuthed } from '../access/limited-procedures.ts';
import { mustBeFresh } from '../access/must-be-fresh.ts';
import { makeChange } from '../change/change.ts';
import type { Deps } from '../deps.ts';
import { hidesAccounts } from '../mail/hides-accounts.ts';
import { lockIdentity, personOfIdentity } from './brought-person.ts';
import { identitiesOf, IDENTITIES_MAX } from './identities-of.ts';
import { finishFlow } from './oidc-flow.ts';
import { insertIdentity } from './provided-account.ts';

export const link = limitedAuthed('link', 'auth')
  .meta({
    openapi: {
      method: 'POST',
      path: '/auth/identities',
      successStatus: 201,
      summary: 'Let a provider sign you in',
      description:
        'Finishes a sign-in at a provider that `auth.oidcBegin` began, and adds it to your account, whatever its ' +
        'address is. Needs a recent proof: sign in, or call `auth.reauthenticate`, within ten minutes; and where a mail ' +
        'host sends mail, your own address must be verified, if you have one. Linking again changes nothing. Limited ' +
        'to 10 a minute.',
      tags: ['auth'],
      refusals: [
        'token_spent',
        'issuer_unavailable',
        'reauthentication_needed',
        'email_unverified',
        'identity_taken',
        'quota_exceeded',
        'rate_limited',
      ],
    },
  })
  .input(OidcCallback)
  .output(Identity)
  .mutation(async ({ ctx, input }) => {
    const { deps, principal } = ctx;
    const { userId, credential } = principal;
    await deps.limits.take(ctx, 'link', userId);
    await mustBeFresh(deps.db.tables, credential.sessionId);
    const person = await finishFlow(deps, input);
    const id = await makeChange(ctx, async (change) => {
      const { tx } = change;
      await lockIdentity(tx, person);
      // A reset that ends this session removes what was linked before it: a caller that waited for it links nothing after it.
      await lockClaimant(tx, deps, userId);
      await mustBeFresh(tx, credential.sessionId);
      const other = await personOfIdentity(tx, person);
      if (other !== undefined && other !== userId) throw refuse('identity_taken');
      const own = await tx.execute<{ id: string; is_this: boolean }>(sql`
        select id, issuer = ${person.issuer} and subject = ${person.subject} as is_this
        from identities where user_id = ${userId}`);
      const linked = own.rows.find((row) => row.is_this);
      if (linked !== undefined) return linked.id;
      if (own.rows.length >= IDENTITIES_MAX) throw refuse('quota_exceeded');
      return insertIdentity(change, deps.config, userId, person);
    });
    const linked = (await identitiesOf(deps, userId)).find((one) => one.id === id);
    if (linked === undefined) throw refuse('identity_not_found');
    return linked;
  });

/**
 * Locks the person's row. A person who prepares an account with another person's address must not keep a way into it
 * that stays when that person verifies the address and sets a new password.
 */
async function lockClaimant(tx: Tx, { config }: Pick<Deps, 'config'>, userId: string): Promise<void> {
  const { rows } = await tx.execute<{ is_claim: boolean }>(sql`
    select email is not null and email_verified_at is null as is_claim
    from users where id = ${userId} and status = 'Active' for no key update`);
  if (rows[0] === undefined) throw refuse('session_revoked');
  if (rows[0].is_claim && hidesAccounts(config)) throw refuse('email_unverified');
}
