import { createHash, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';

/** The `number`th refresh token of a session. Each is the HMAC of the one before, under a key that only servers have. */
export interface RefreshToken {
  readonly sessionId: string;
  readonly number: number;
  readonly secret: Buffer;
}

/** Makes, reads and compares refresh tokens. */
export interface RefreshTokens {
  first(sessionId: string): RefreshToken;
  next(token: RefreshToken): RefreshToken;
  encode(token: RefreshToken): string;
  /** Undefined for anything that has not the form of one. */
  decode(text: string): RefreshToken | undefined;
  /** What is stored: a secret of 32 random bytes needs no slow hash. */
  hash(token: RefreshToken): Buffer;
  /** Whether the chain leads from `token` to the `number`th with this hash: then it was issued here. */
  leadsTo(token: RefreshToken, number: number, hash: Buffer): boolean;
}

const PURPOSE = 'fechatter.refresh';
const STEPS_MAX = 10_000;
/** What the column holds. */
const NUMBER_MAX = 2_147_483_647;
const ID_BYTES = 16;
const NUMBER_BYTES = 4;
const SECRET_BYTES = 32;
const BYTES = ID_BYTES + NUMBER_BYTES + SECRET_BYTES;

export function createRefreshTokens(authSecret: string): RefreshTokens {
  const key = Buffer.from(hkdfSync('sha256', authSecret, '', PURPOSE, 32));
  const secretAfter = (secret: Buffer) => createHmac('sha256', key).update(secret).digest();

  return {
    first: (sessionId) => ({ sessionId, number: 0, secret: randomBytes(SECRET_BYTES) }),
    next: ({ sessionId, number, secret }) => ({ sessionId, number: number + 1, secret: secretAfter(secret) }),
    hash: ({ secret }) => hashOf(secret),
    encode({ sessionId, number, secret }) {
      const numberBytes = Buffer.alloc(NUMBER_BYTES);
      numberBytes.writeUInt32BE(number);
      const bytes = [Buffer.from(sessionId.replaceAll('-', ''), 'hex'), numberBytes, secret];
      return Buffer.concat(bytes).toString('base64url');
    },
    decode(text) {
      const bytes = Buffer.from(text, 'base64url');
      if (bytes.length !== BYTES || bytes.toString('base64url') !== text) return undefined;
      const number = bytes.readUInt32BE(ID_BYTES);
      if (number > NUMBER_MAX) return undefined;
      const hex = bytes.toString('hex', 0, ID_BYTES);
      const sessionId = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
      return { sessionId, number, secret: bytes.subarray(ID_BYTES + NUMBER_BYTES) };
    },
    leadsTo(token, number, hash) {
      const steps = number - token.number;
      if (steps < 0 || steps > STEPS_MAX) return false;
      let { secret } = token;
      for (let step = 0; step < steps; step++) secret = secretAfter(secret);
      return timingSafeEqual(hashOf(secret), hash);
    },
  };
}

const hashOf = (secret: Buffer): Buffer => createHash('sha256').update(secret).digest();
