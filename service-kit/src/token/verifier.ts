import { Id } from '@fechatter/contract';
import { errors, jwtVerify, type JWK, type JWTHeaderParameters, type JWTPayload } from 'jose';
import { refuse } from '../errors/refusal.ts';
import type { CacheCounts } from '../metrics/metrics.ts';
import type { KeySource } from './cached-keys.ts';
import type { ApiKeys } from './api-keys.ts';
import { isMeantAsKey } from './key-text.ts';
import { createVerifiedTokens } from './verified-tokens.ts';

/** The user and session of an access token. */
export interface Verified {
  readonly userId: string;
  readonly sessionId: string;
  /** Those of the key of a bot; undefined for the token of a person. */
  readonly scopes?: readonly string[];
}

/** The same of a token, which is remembered until it expires. */
export interface VerifiedToken extends Verified {
  readonly expiresAt: Date;
}

export interface TokenVerifier {
  /**
   * Throws `token_invalid` or `token_expired`, and `rate_limited` if the caller's address gave too many wrong keys. The
   * caller must check whether the session is still valid.
   */
  readonly verify: (token: string, address: string) => Promise<Verified>;
  /** Hits and misses of its cache. */
  readonly remembered: () => CacheCounts;
}

export interface TokenVerifierOptions {
  readonly keys: KeySource;
  readonly issuer: string;
  readonly audience: string;
  /** The size of the cache. Verifying costs 150 µs, so results are kept until the token expires. */
  readonly remembered?: number;
  /** Keys of bots, which are bearers like tokens; without it there are none. */
  readonly apiKeys?: ApiKeys;
  readonly nowMs?: () => number;
}

const LEEWAY_SECONDS = 60;
const REMEMBERED = 10_000;

function isOurKey({ kty, crv }: JWK): boolean {
  return kty === 'OKP' && crv === 'Ed25519';
}

function verifiedOf({ sub, sid, exp = 0 }: JWTPayload): VerifiedToken {
  const userId = Id.safeParse(sub);
  const sessionId = Id.safeParse(sid);
  if (!userId.success || !sessionId.success) throw refuse('token_invalid');
  return { userId: userId.data, sessionId: sessionId.data, expiresAt: new Date(exp * 1_000) };
}

/**
 * Verifies access tokens with public keys alone: EdDSA only, our issuer, our audience, not expired. Keys of bots are looked
 * up.
 */
export function createTokenVerifier(options: TokenVerifierOptions): TokenVerifier {
  const { keys, issuer, audience, remembered = REMEMBERED, apiKeys, nowMs = Date.now } = options;
  const known = createVerifiedTokens(remembered);

  const keyFor = async ({ kid }: JWTHeaderParameters): Promise<JWK> => {
    if (typeof kid !== 'string' || kid.length > 128) throw refuse('token_invalid');
    const key = await keys.get(kid);
    if (!key || !isOurKey(key)) throw refuse('token_invalid');
    return key;
  };

  const check = async (token: string): Promise<VerifiedToken> => {
    try {
      const { payload } = await jwtVerify(token, keyFor, {
        algorithms: ['EdDSA'],
        issuer,
        audience,
        clockTolerance: LEEWAY_SECONDS,
        requiredClaims: ['sub', 'sid', 'exp'],
        currentDate: new Date(nowMs()),
      });
      return verifiedOf(payload);
    } catch (error) {
      if (error instanceof errors.JWTExpired) throw refuse('token_expired');
      if (error instanceof errors.JOSEError) throw refuse('token_invalid', { cause: error });
      throw error;
    }
  };

  return {
    remembered: known.counts,
    async verify(token, address) {
      if (apiKeys !== undefined && isMeantAsKey('fck', token)) return apiKeys.verify(token, address);
      const before = known.get(token);
      if (before) {
        if (before.expiresAt.getTime() + LEEWAY_SECONDS * 1_000 > nowMs()) return before;
        known.delete(token);
        throw refuse('token_expired');
      }
      const verified = await check(token);
      known.set(token, verified);
      return verified;
    },
  };
}
