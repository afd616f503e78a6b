import { sql } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { proveAddress } from '../auth/prove-address.ts';
import { makeChange } from '../change/change.ts';
import type { ProfileDeps } from './suspend-user.ts';

/** For the operator: marks the account's address as verified, as the link in a mail does. */
export async function verifyUser(deps: ProfileDeps, userId: string): Promise<void> {
  const { ended } = await makeChange({ deps }, async (change) => {
    const { rows } = await change.tx.execute<{ email: string | null }>(sql`
      select email from users where id = ${userId} and erased_at is null and status = 'Active'`);
    if (rows[0] === undefined) throw refuse('user_not_found');
    if (rows[0].email === null) throw refuse('email_missing');
    return proveAddress(change, userId, rows[0].email);
  });
  deps.revoked.add([...ended]);
}
