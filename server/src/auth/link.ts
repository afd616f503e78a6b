import { Identity, OidcAnswer } from '@fechatter/contract';
import { sql } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { limitedAuthed } from '../access/limited-procedures.ts';
import { mustBeFresh } from '../access/must-be-fresh.ts';
import { makeChange } from '../change/change.ts';
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
        'address is. Needs a recent proof: sign in, or call `auth.reauthenticate`, within ten minutes. Linking again ' +
        'changes nothing. Limited to 10 a minute.',
      tags: ['auth'],
      refusals: [
        'token_spent',
        'issuer_unavailable',
        'reauthentication_needed',
        'identity_taken',
        'quota_exceeded',
        'rate_limited',
      ],
    },
  })
  .input(OidcAnswer)
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
      await mustBeFresh(tx, credential.sessionId);
      const { rows } = await tx.execute(sql`
        select 1 from users where id = ${userId} and status = 'Active' for no key update`);
      if (rows.length === 0) throw refuse('session_revoked');
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
