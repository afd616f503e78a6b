import type { Database } from '@fechatter/drizzle';
import type { Config, SigningKey } from '@fechatter/service-kit';
import { type CryptoKey, importJWK, SignJWT } from 'jose';
import { publishKeys } from './signing-keys.ts';

/** Creates access tokens. Private keys come only from the settings and are stored nowhere else. */
export interface TokenSigner {
  sign(who: {
    readonly userId: string;
    readonly sessionId: string;
    /** When the session ends: no token is valid longer. */
    readonly sessionEndsAt: Date;
  }): Promise<AccessToken>;
}
interface AccessToken {
  readonly token: string;
  readonly expiresAt: Date;
}

interface ReadyKey {
  readonly kid: string;
  readonly key: CryptoKey | Uint8Array;
  /** On the monotonic clock of this process. */
  readonly publishedAtMs: number;
}

/** After this time every verifier has read a new key: a key signs from 60 s after its publication on. */
const PUBLISHED_FIRST_MS = 60_000;

/**
 * Publishes the public keys, and signs with the newest one that every verifier can know, or with the oldest if there is
 * none yet.
 */
export async function createTokenSigner(
  { auth }: Pick<Config<'server'>, 'auth'>,
  db: Database,
  nowMs: () => number = () => performance.now(),
): Promise<TokenSigner> {
  const keys = await readyKeys(auth.signingKeys, db, nowMs);
  const oldest = keys.reduce((a, b) => (b.publishedAtMs < a.publishedAtMs ? b : a));
  const current = () => keys.find(({ publishedAtMs }) => nowMs() - publishedAtMs >= PUBLISHED_FIRST_MS) ?? oldest;

  return {
    async sign({ userId, sessionId, sessionEndsAt }) {
      const issuedAtSeconds = Math.floor(Date.now() / 1_000);
      const endsAtSeconds = Math.floor(sessionEndsAt.getTime() / 1_000);
      const expiresAtSeconds = Math.min(issuedAtSeconds + auth.accessTokenSeconds, endsAtSeconds);
      const { kid, key } = current();
      const token = await new SignJWT({ sid: sessionId })
        .setProtectedHeader({ alg: 'EdDSA', typ: 'JWT', kid })
        .setSubject(userId)
        .setIssuer(auth.issuer)
        .setAudience(auth.audience)
        .setIssuedAt(issuedAtSeconds)
        .setExpirationTime(expiresAtSeconds)
        .sign(key);
      return { token, expiresAt: new Date(expiresAtSeconds * 1_000) };
    },
  };
}

async function readyKeys(configured: readonly SigningKey[], db: Database, nowMs: () => number): Promise<ReadyKey[]> {
  const ages = await publishKeys(db, configured);
  return Promise.all(
    configured.map(async ({ kid, jwk }) => {
      const ageMs = ages.get(kid);
      if (ageMs === undefined) throw new Error(`the signing key ${kid} could not be published`);
      return { kid, key: await importJWK(jwk, 'EdDSA'), publishedAtMs: nowMs() - ageMs };
    }),
  );
}
