import type { Database } from '@fechatter/drizzle';
import type { Context } from '../context.ts';
import type { RefreshToken } from '../identity/refresh-token.ts';
import { shownAgent } from './place.ts';
import type { SessionFacts } from './session-response.ts';

/** For `sessions s` and `users u`. A session from before devices were known is a device of its own. */
const sessionFacts = `u.id as user_id, u.email, u.full_name, s.id as session_id, s.expires_at,
  coalesce(s.device_id, s.id) as device_id, u.device_epoch, extract(epoch from now())::int8::float8 as now_seconds`;

/**
 * Replaces `current` by `next`, if `current` is still valid: of two concurrent calls one fails. Records the place, and
 * which copy of `current` it was.
 */
export async function rotate(
  ctx: Context,
  current: RefreshToken,
  next: RefreshToken,
): Promise<SessionFacts | undefined> {
  const { db, config, refreshTokens } = ctx.deps;
  const { refreshTokenSeconds, sessionMaxSeconds } = config.auth;
  const { rows } = await db.pool.query<SessionFacts>({
    name: 'rotate-session',
    // Hashes are compared, so the time reveals nothing about the token.
    text: `
      update sessions s set refresh_hash = $4, refresh_number = s.refresh_number + 1, rotated_at = now(), last_used_at = now(),
        refresh_copy = $7, ip = $8, user_agent = $9,
        expires_at = least(now() + make_interval(secs => $5), s.created_at + make_interval(secs => $6))
      from users u
      where s.id = $1 and s.refresh_number = $2 and s.refresh_hash = $3 and s.revoked_at is null and s.expires_at > now()
        and u.id = s.user_id and u.status = 'Active'
      returning ${sessionFacts}`,
    values: [
      current.sessionId,
      current.number,
      refreshTokens.hash(current),
      refreshTokens.hash(next),
      refreshTokenSeconds,
      sessionMaxSeconds,
      current.copy,
      ctx.address,
      shownAgent(ctx),
    ],
  });
  return rows[0];
}

/** A valid session, with its current token. */
export interface LivingSession extends SessionFacts {
  readonly refresh_number: number;
  readonly refresh_hash: Buffer;
  /** Which copy of the previous token was used; null if that had none. */
  readonly refresh_copy: Buffer | null;
  /** Whether the current token is so new that its response may have been lost. */
  readonly is_fresh: boolean;
}

const RESPONSE_LOST_SECONDS = 60;

export async function livingSession({ pool }: Database, sessionId: string): Promise<LivingSession | undefined> {
  const { rows } = await pool.query<LivingSession>({
    name: 'living-session',
    text: `
      select ${sessionFacts}, s.refresh_number, s.refresh_hash, s.refresh_copy,
        s.rotated_at > now() - interval '${RESPONSE_LOST_SECONDS} seconds' as is_fresh
      from live_sessions s join users u on u.id = s.user_id where s.id = $1`,
    values: [sessionId],
  });
  return rows[0];
}
