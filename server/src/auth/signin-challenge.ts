import type { SecondFactorMethod } from '@fechatter/contract';
import { type Database, sql, type Tx } from '@fechatter/drizzle';
import { hashOfToken, type Refusal, refuse } from '@fechatter/service-kit';
import { randomBytes } from 'node:crypto';
import type { Context } from '../context.ts';
import type { Account } from './account.ts';

const CHALLENGE_BYTES = 32;
const CHALLENGE_SECONDS = 300;

/** A sign-in with the right password, and the state of the account's authenticator app. */
export interface SigninChallenge {
  readonly user_id: string;
  /** Null: a device that the account does not know. */
  readonly device_id: string | null;
}

/**
 * The error with which a sign-in continues with the second factor. If the password or the account changed meanwhile, it
 * is that error instead.
 */
export async function secondFactorNeeded(
  ctx: Context,
  account: Pick<Account, 'id' | 'passwordHash'>,
  deviceId: string | undefined,
): Promise<Refusal> {
  const challenge = randomBytes(CHALLENGE_BYTES).toString('base64url');
  const { rows } = await ctx.deps.db.pool.query<{ has_totp: boolean; has_codes: boolean; has_passkeys: boolean }>({
    name: 'signin-challenge',
    text: `
      with person as (
        select id from users where id = $2 and status = 'Active' and password_hash = $3 for share),
      made as (
        insert into signin_challenges (token_hash, user_id, device_id, expires_at)
        select $1, id, $4::uuid, clock_timestamp() + make_interval(secs => ${CHALLENGE_SECONDS}) from person
        returning user_id)
      select exists (select from totp_factors f where f.user_id = made.user_id and f.confirmed_at is not null) as has_totp,
        exists (select from recovery_codes c where c.user_id = made.user_id) as has_codes,
        exists (select from passkeys p where p.user_id = made.user_id) as has_passkeys
      from made`,
    values: [hashOfToken(challenge), account.id, account.passwordHash, deviceId ?? null],
  });
  const [found] = rows;
  if (found === undefined) return refuse('wrong_credentials');
  const methods: SecondFactorMethod[] = [
    ...(found.has_totp ? (['Totp'] as const) : []),
    ...(found.has_passkeys && ctx.deps.config.auth.passkeys.rpId ? (['Passkey'] as const) : []),
    ...(found.has_codes ? (['RecoveryCode'] as const) : []),
  ];
  return refuse('second_factor_required', { secondFactor: { challenge, methods } });
}

/** The sign-in that waits for its second factor; used, expired and invented challenges are all token_spent. */
export async function openChallenge({ pool }: Pick<Database, 'pool'>, challenge: string): Promise<SigninChallenge> {
  const { rows } = await pool.query<SigninChallenge>({
    name: 'open-signin-challenge',
    text: `
      select c.user_id, c.device_id from signin_challenges c join users u on u.id = c.user_id and u.status = 'Active'
      where c.token_hash = $1 and c.expires_at > clock_timestamp()`,
    values: [hashOfToken(challenge)],
  });
  if (rows[0] === undefined) throw refuse('token_spent');
  return rows[0];
}

/**
 * Ends sign-ins that wait for their second factor, because their password is not valid any more. Call it after locking
 * the person's row: challenges are made under that lock.
 */
export async function endChallenges(tx: Tx, userId: string): Promise<void> {
  await tx.execute(sql`delete from signin_challenges where user_id = ${userId}`);
}
