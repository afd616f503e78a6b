import type { Session } from '@fechatter/contract';
import type { Deps } from '../deps.ts';
import type { RefreshToken } from '../identity/refresh-token.ts';

/** A valid session and its person, as SQL returns it. */
export interface SessionFacts {
  readonly user_id: string;
  readonly email: string | null;
  readonly full_name: string;
  readonly session_id: string;
  readonly expires_at: Date;
  readonly device_id: string;
  readonly device_epoch: number;
  readonly now_seconds: number;
}

/** The result of signing up, signing in and refreshing. */
export async function sessionResponse(
  { signer, refreshTokens, deviceTokens }: Pick<Deps, 'signer' | 'refreshTokens' | 'deviceTokens'>,
  facts: SessionFacts,
  refreshToken: RefreshToken,
): Promise<Session> {
  const { user_id: userId, email, full_name: fullName, session_id: sessionId, expires_at: sessionEndsAt } = facts;
  const { device_id: deviceId, device_epoch: epoch, now_seconds: issuedAtSeconds } = facts;
  const { token, expiresAt } = await signer.sign({ userId, sessionId, sessionEndsAt });
  return {
    id: userId,
    email,
    fullName,
    token,
    expiresAt,
    refreshToken: refreshTokens.encode(refreshToken),
    deviceToken: deviceTokens.encode({ userId, deviceId, epoch, issuedAtSeconds }),
  };
}
