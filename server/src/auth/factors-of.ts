import { sql, type Tx } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import type { Change } from '../change/change.ts';
import type { Deps } from '../deps.ts';
import { hashOfRecoveryCode, newRecoveryCodes } from '../identity/recovery-code.ts';
import { endChallenges } from './signin-challenge.ts';

/**
 * Locks the person's row, as everything does that changes how they sign in: a sign-in at the same moment either waits
 * and finds the change, or was complete before. If a mail host sends mail, only a person with a verified address may
 * set up a second factor: otherwise a person who prepared an account with another person's address would keep access to
 * it.
 */
export async function lockOwner(
  tx: Tx,
  { config }: Pick<Deps, 'config'>,
  userId: string,
): Promise<{ readonly hasSecondFactor: boolean }> {
  const { rows } = await tx.execute<{ is_proved: boolean; has_factor: boolean }>(sql`
    select email_verified_at is not null as is_proved, second_factor_at is not null as has_factor
    from users where id = ${userId} and status = 'Active' for no key update`);
  if (rows[0] === undefined) throw refuse('session_revoked');
  if (!rows[0].is_proved && config.mail.via === 'smtp') throw refuse('email_unverified');
  return { hasSecondFactor: rows[0].has_factor };
}

/** From now on the password alone does not sign in. */
export async function requireSecondFactor(tx: Tx, userId: string): Promise<void> {
  await tx.execute(sql`
    update users set second_factor_at = coalesce(second_factor_at, clock_timestamp()), updated_at = now() where id = ${userId}`);
}

/** Replaces all recovery codes by ten new ones, which exist only in the result. */
export async function renewCodes(change: Change, userId: string): Promise<string[]> {
  const codes = newRecoveryCodes();
  const hashes = sql.param(codes.map((code) => hashOfRecoveryCode(userId, code)));
  await change.tx.execute(sql`delete from recovery_codes where user_id = ${userId}`);
  await change.tx.execute(sql`
    insert into recovery_codes (user_id, code_hash) select ${userId}, h from unnest(${hashes}::bytea[]) h`);
  change.note('account.recoveryCodesMade', { userId });
  return codes;
}

/** If no factor is left, the password alone signs in again, and recovery codes are deleted. */
export async function settleFactors(tx: Tx, userId: string): Promise<void> {
  const { rows } = await tx.execute(sql`
    update users set second_factor_at = null, updated_at = now()
    where id = ${userId} and second_factor_at is not null and not exists (
      select from totp_factors f where f.user_id = users.id and f.confirmed_at is not null)
      and not exists (select from passkeys p where p.user_id = users.id)
    returning id`);
  if (rows.length === 0) return;
  await tx.execute(sql`delete from recovery_codes where user_id = ${userId}`);
  await endChallenges(tx, userId);
}

/** Removes everything except the password with which this person could sign in. */
export async function dropFactors(tx: Tx, userId: string): Promise<void> {
  await tx.execute(sql`delete from totp_factors where user_id = ${userId}`);
  await tx.execute(sql`delete from passkeys where user_id = ${userId}`);
  await tx.execute(sql`delete from passkey_challenges where user_id = ${userId}`);
  await settleFactors(tx, userId);
}
