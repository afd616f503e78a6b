import type { Database } from '@fechatter/drizzle';
import { type Config, hashOfToken, refuse } from '@fechatter/service-kit';
import { randomBytes } from 'node:crypto';
import { z } from 'zod';

const CHALLENGE_BYTES = 32;
const CHALLENGE_SECONDS = 300;
/** How long the browser waits for the person. */
export const PASSKEY_TIMEOUT_MS = CHALLENGE_SECONDS * 1_000;

/** Where passkeys belong to; refused where there are none. */
export function mustHavePasskeys({ auth }: Pick<Config<'server'>, 'auth'>): {
  readonly rpId: string;
  readonly origins: string[];
} {
  const { rpId, origins } = auth.passkeys;
  if (rpId === '') throw refuse('passkeys_off');
  return { rpId, origins: [...origins] };
}

/** A challenge for a passkey: of this person, who adds one, or (null) of a sign-in. */
export async function newPasskeyChallenge({ pool }: Pick<Database, 'pool'>, userId: string | null): Promise<Buffer> {
  const challenge = randomBytes(CHALLENGE_BYTES);
  await pool.query(
    `insert into passkey_challenges (challenge_hash, user_id, expires_at)
     values ($1, $2, clock_timestamp() + make_interval(secs => ${CHALLENGE_SECONDS}))`,
    [hashOfToken(challenge.toString('base64url')), userId],
  );
  return challenge;
}

const ClientData = z.object({ challenge: z.string().max(1_000) });

/**
 * Uses up the challenge that was signed, before anything of it is verified: valid once, right or wrong. Used, expired,
 * invented and other people's challenges are all token_spent. Returns it, to be compared with what the signature
 * covers.
 */
export async function spendPasskeyChallenge(
  { pool }: Pick<Database, 'pool'>,
  clientDataJson: string,
  userId: string | null,
): Promise<string> {
  const challenge = challengeIn(clientDataJson);
  const { rowCount } = await pool.query(
    `delete from passkey_challenges
     where challenge_hash = $1 and user_id is not distinct from $2::uuid and expires_at > clock_timestamp()`,
    [hashOfToken(challenge), userId],
  );
  if (rowCount === 0) throw refuse('token_spent');
  return challenge;
}

function challengeIn(clientDataJson: string): string {
  try {
    return ClientData.parse(JSON.parse(Buffer.from(clientDataJson, 'base64url').toString())).challenge;
  } catch {
    throw refuse('token_spent');
  }
}
