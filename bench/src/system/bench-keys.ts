import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import type pg from 'pg';

const KEY_ID = 'bench-key';
const LIVES_SECONDS = 86_400;

/** The secrets of a run, and tokens signed with them. */
export interface BenchKeys {
  /** Settings that both services need. */
  readonly env: Readonly<Record<string, string>>;
  /** Settings that only the server may have. */
  readonly serverEnv: Readonly<Record<string, string>>;
  readonly encryptionKey: Buffer;
  /** An access token for both services, valid for a day. */
  tokenFor(person: { readonly userId: string; readonly sessionId: string }): string;
  /** Writes the public key to the database, for runs without a server. */
  publish(pool: pg.Pool): Promise<void>;
}

export function benchKeys(): BenchKeys {
  const pair = generateKeyPairSync('ed25519');
  const pem = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const privateKey = createPrivateKey(pem);
  const encryptionKey = randomBytes(32);
  const head = part({ alg: 'EdDSA', kid: KEY_ID });
  return {
    env: {
      FECHATTER_DATABASE_MIGRATE: 'false',
      FECHATTER_MAIL_VIA: 'off',
      FECHATTER_ENCRYPTION_KEYS: `1:${encryptionKey.toString('base64')}`,
      FECHATTER_LIMITS_SENDS_PER_MINUTE: '0',
      FECHATTER_LIMITS_REACTIONS_PER_MINUTE: '0',
      FECHATTER_LIMITS_READS_PER_MINUTE: '0',
      FECHATTER_LIMITS_WRITES_PER_MINUTE: '0',
      FECHATTER_LIMITS_HEAVY_PER_MINUTE: '0',
      FECHATTER_LIMITS_CHATS_PER_HOUR: '0',
      FECHATTER_LIMITS_SIGNINS_PER_MINUTE: '0',
      FECHATTER_LIMITS_SIGNUPS_PER_HOUR: '0',
      FECHATTER_LOG_LEVEL: 'warn',
    },
    serverEnv: { FECHATTER_AUTH_SIGNING_KEYS: pem, FECHATTER_AUTH_SECRET: randomBytes(48).toString('base64url') },
    encryptionKey,
    tokenFor({ userId, sessionId }) {
      const iat = Math.floor(Date.now() / 1_000);
      const claims = { sub: userId, sid: sessionId, iss: 'fechatter', aud: 'fechatter', iat, exp: iat + LIVES_SECONDS };
      const signed = `${head}.${part(claims)}`;
      return `${signed}.${sign(null, Buffer.from(signed), privateKey).toString('base64url')}`;
    },
    async publish(pool) {
      const jwk = { ...createPublicKey(privateKey).export({ format: 'jwk' }), kid: KEY_ID, alg: 'EdDSA', use: 'sig' };
      await pool.query('insert into signing_keys (kid, public_jwk) values ($1, $2)', [KEY_ID, JSON.stringify(jwk)]);
    },
  };
}

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
