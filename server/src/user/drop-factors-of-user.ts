import { sql } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { dropFactors } from '../auth/factors-of.ts';
import { revokeSessions } from '../auth/revoke-sessions.ts';
import { makeChange } from '../change/change.ts';
import type { ProfileDeps } from './suspend-user.ts';

/**
 * For the operator: removes the second factors of a person who lost them, and ends all their sessions. From then on the
 * password alone signs in. Returns whether there were any.
 */
export async function dropFactorsOfUser(deps: ProfileDeps, userId: string): Promise<boolean> {
  const dropped = await makeChange({ deps }, async (change) => {
    const { rows } = await change.tx.execute<{ has_factor: boolean }>(sql`
      select second_factor_at is not null as has_factor from users
      where id = ${userId} and erased_at is null for no key update`);
    if (rows[0] === undefined) throw refuse('user_not_found');
    if (!rows[0].has_factor) return undefined;
    await dropFactors(change.tx, userId);
    change.note('account.factorsDropped', { userId });
    return revokeSessions(change, userId, 'all');
  });
  if (dropped !== undefined) deps.revoked.add(dropped);
  return dropped !== undefined;
}
