import { createHash, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';

/**
 * The `number`th refresh token of a session. Each secret is the HMAC of the one before, under a key that only servers
 * have. If a token is issued again because the response may have been lost, the same place gets the same token, and
 * another place gets another `copy`. The first copy that is used is the one that counts.
 */
export interface RefreshToken {
  readonly sessionId: string;
  readonly number: number;
  readonly secret: Buffer;
  /** Null for a token of release 0.1, which had no copies, or for one whose proof this server cannot verify. */
  readonly copy: Buffer | null;
}

/** Makes, reads and compares refresh tokens. */
export interface RefreshTokens {
  first(sessionId: string, place: string): RefreshToken;
  /** The next token, in the copy for this place. */
  next(token: RefreshToken, place: string): RefreshToken;
  encode(token: RefreshToken): string;
  /** Undefined for any text that is not in this form. */
  decode(text: string): RefreshToken | undefined;
  /** The hash that is stored: a secret of 32 random bytes needs no slow hash. */
  hash(token: RefreshToken): Buffer;
  /** Whether the chain leads from `token` to the `number`th token with this hash, so that it was issued here. */
  leadsTo(token: RefreshToken, number: number, hash: Buffer): boolean;
}

const PURPOSE = 'fechatter.refresh';
const STEPS_MAX = 10_000;
/** The maximum of the column. */
const NUMBER_MAX = 2_147_483_647;
const ID_BYTES = 16;
const NUMBER_BYTES = 4;
const SECRET_BYTES = 32;
const COPY_BYTES = 8;
const PROOF_BYTES = 16;
const UNPROVED_BYTES = ID_BYTES + NUMBER_BYTES + SECRET_BYTES;
const BYTES = UNPROVED_BYTES + COPY_BYTES + PROOF_BYTES;

const mac = (key: Buffer, bytes: Buffer) => createHmac('sha256', key).update(bytes).digest();

export function createRefreshTokens(authSecret: string): RefreshTokens {
  const keyFor = (purpose: string) => Buffer.from(hkdfSync('sha256', authSecret, '', purpose, 32));
  const chainKey = keyFor(PURPOSE);
  const copyKey = keyFor(`${PURPOSE}.copy`);
  const proofKey = keyFor(`${PURPOSE}.proof`);
  const secretAfter = (secret: Buffer) => mac(chainKey, secret);
  const copyFor = (secret: Buffer, place: string) =>
    mac(copyKey, Buffer.concat([secret, Buffer.from(place)])).subarray(0, COPY_BYTES);
  const proofOf = (bytes: Buffer) => mac(proofKey, bytes).subarray(0, PROOF_BYTES);

  return {
    first(sessionId, place) {
      const secret = randomBytes(SECRET_BYTES);
      return { sessionId, number: 0, secret, copy: copyFor(secret, place) };
    },
    next({ sessionId, number, secret: before }, place) {
      const secret = secretAfter(before);
      return { sessionId, number: number + 1, secret, copy: copyFor(secret, place) };
    },
    hash: ({ secret }) => hashOf(secret),
    encode({ sessionId, number, secret, copy }) {
      const numberBytes = Buffer.alloc(NUMBER_BYTES);
      numberBytes.writeUInt32BE(number);
      const bytes = Buffer.concat([Buffer.from(sessionId.replaceAll('-', ''), 'hex'), numberBytes, secret]);
      if (copy === null) return bytes.toString('base64url');
      const proved = Buffer.concat([bytes, copy]);
      return Buffer.concat([proved, proofOf(proved)]).toString('base64url');
    },
    decode(text) {
      const bytes = Buffer.from(text, 'base64url');
      if (bytes.toString('base64url') !== text) return undefined;
      if (bytes.length !== BYTES && bytes.length !== UNPROVED_BYTES) return undefined;
      const number = bytes.readUInt32BE(ID_BYTES);
      if (number > NUMBER_MAX) return undefined;
      const hex = bytes.toString('hex', 0, ID_BYTES);
      const sessionId = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
      const secret = bytes.subarray(ID_BYTES + NUMBER_BYTES, UNPROVED_BYTES);
      const proved = bytes.subarray(0, BYTES - PROOF_BYTES);
      const isProved = bytes.length === BYTES && timingSafeEqual(proofOf(proved), bytes.subarray(BYTES - PROOF_BYTES));
      return { sessionId, number, secret, copy: isProved ? proved.subarray(UNPROVED_BYTES) : null };
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
