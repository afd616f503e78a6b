import { sql } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import type { Change } from '../change/change.ts';
import { hashOfNothing } from '../identity/hash-of-nothing.ts';
import { dropFactors } from './factors-of.ts';
import { revokeSessions } from './revoke-sessions.ts';

const CLAIMS_MAX = 100;

interface Row extends Record<string, unknown> {
  readonly id: string;
  readonly email: string | null;
  readonly email_verified_at: Date | null;
  readonly signup_invite: Buffer | null;
}

/** The result. */
export interface ProvedAddress {
  readonly emailVerifiedAt: Date;
  /** The previous address, if it was another one and verified. */
  readonly before: string | undefined;
  /** Whether the account had no verified address before. */
  readonly isFirst: boolean;
  /** The invitation by which the person signed up, once. */
  readonly signupInvite: Buffer | null;
  /** Sessions that ended, to be added to `revoked` after the commit. */
  readonly ended: readonly string[];
}

/**
 * The person has shown that they receive mail at this address, so it is theirs from now on. Every other account that
 * claims it unverified loses it, and its password and all sessions with it, so that preparing an account with another
 * person's address gains nothing. Refused with email_taken if another account has verified the address.
 */
export async function proveAddress(change: Change, userId: string, address: string): Promise<ProvedAddress> {
  const { tx } = change;
  // In a fixed order, because two people may verify each other's addresses at the same moment.
  const { rows } = await tx.execute<Row>(sql`
    select id, email, email_verified_at, signup_invite from users
    where id in (
        select id from users
        where (id = ${userId} or lower(email collate "C") = lower(${address}::text collate "C"))
          and erased_at is null and (status = 'Active' or id <> ${userId})
        order by id <> ${userId}, not holds_email, id limit ${CLAIMS_MAX})
    order by id for no key update`);
  const own = rows.find(({ id }) => id === userId);
  if (own === undefined) throw refuse('token_spent');
  const others = rows.filter(({ id }) => id !== userId);
  if (others.some((other) => other.email_verified_at !== null)) throw refuse('email_taken');
  const ended: string[] = [];
  for (const { id } of others) ended.push(...(await disown(change, id)));
  const isSame = own.email?.toLowerCase() === address.toLowerCase();
  const proved = await tx.execute<{ at: Date }>(sql`
    update users set email = ${isSame ? own.email : address}, holds_email = true, signup_invite = null, updated_at = now(),
      email_verified_at = case when ${isSame} then coalesce(email_verified_at, now()) else now() end
    where id = ${userId} returning email_verified_at as at`);
  const emailVerifiedAt = proved.rows[0]?.at;
  if (emailVerifiedAt === undefined) throw new Error('an update returns its row');
  if (!isSame) change.note('account.emailChanged', { userId });
  else if (own.email_verified_at === null) change.note('account.emailVerified', { userId });
  const before = isSame || own.email_verified_at === null ? undefined : (own.email ?? undefined);
  return { emailVerifiedAt, before, isFirst: own.email_verified_at === null, signupInvite: own.signup_invite, ended };
}

/** From now on this account cannot be signed in to with this address or its password. */
async function disown(change: Change, userId: string): Promise<string[]> {
  await change.tx.execute(sql`
    update users set holds_email = false, password_hash = ${hashOfNothing()}, device_epoch = device_epoch + 1, updated_at = now()
    where id = ${userId}`);
  await dropFactors(change.tx, userId);
  await change.tx.execute(sql`delete from mail_jobs where user_id = ${userId}`);
  await change.tx.execute(sql`delete from mail_tokens where user_id = ${userId}`);
  change.note('account.emailLost', { userId });
  return revokeSessions(change, userId, 'all');
}
