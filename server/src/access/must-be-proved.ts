import { sql, type Tx } from '@fechatter/drizzle';
import { type Config, refuse } from '@fechatter/service-kit';

/** If the operator requires it, people must verify their address before they can join a workspace. */
export async function mustBeProved(
  tx: Tx,
  userId: string,
  { auth }: { readonly auth: Pick<Config<'server'>['auth'], 'requireVerifiedEmail'> },
): Promise<void> {
  if (!auth.requireVerifiedEmail) return;
  const { rows } = await tx.execute(sql`select 1 from users where id = ${userId} and email_verified_at is not null`);
  if (rows.length === 0) throw refuse('email_unverified');
}
