import { AvatarUrl, Email, ExternalId, Name } from '@fechatter/contract';
import { refuse, type TrustedIssuer } from '@fechatter/service-kit';
import { createRemoteJWKSet, decodeJwt, errors, type JWTPayload, jwtVerify, type JWTVerifyGetKey } from 'jose';
import { createHash } from 'node:crypto';

/** A person as a trusted issuer names them. What is not valid here is undefined. */
export interface IssuedPerson {
  readonly issuer: string;
  readonly subject: string;
  readonly fullName: string | undefined;
  readonly avatarUrl: string | undefined;
  /** As the issuer reports it; not verified here. */
  readonly email: string | undefined;
}

/** A token that was verified. */
export interface IssuedToken {
  readonly person: IssuedPerson;
  /** Of what its issuer signed: the same for each spelling of the same token. */
  readonly hash: Buffer;
  readonly expiresAt: Date;
}

export interface TrustedIssuers {
  /** Throws token_invalid, token_expired, and issuer_unavailable if the issuer's keys cannot be read. */
  verify(token: string): Promise<IssuedToken>;
}

const LEEWAY_SECONDS = 60;
/** Used tokens are remembered until they expire. */
const LIFETIME_MAX_SECONDS = 86_400;
const KEYS_TIMEOUT_MS = 5_000;

const symmetric = ['HS256', 'HS384', 'HS512'];
const asymmetric = [
  'EdDSA',
  'Ed25519',
  'ES256',
  'ES384',
  'ES512',
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
];

/** Reads tokens that others issue. Each issuer's are verified by its own keys, algorithms and audience alone. */
export function createTrustedIssuers(
  trusted: readonly TrustedIssuer[],
  nowMs: () => number = Date.now,
): TrustedIssuers {
  const readers = new Map(trusted.map((issuer) => [issuer.issuer, readerOf(issuer, nowMs)]));
  return {
    async verify(token) {
      const read = readers.get(claimedIssuer(token));
      if (read === undefined) throw refuse('token_invalid');
      return read(token);
    },
  };
}

/** Only chooses the keys: nothing is believed that these did not sign. */
function claimedIssuer(token: string): string {
  try {
    return decodeJwt(token).iss ?? '';
  } catch {
    return '';
  }
}

function readerOf(trusted: TrustedIssuer, nowMs: () => number): (token: string) => Promise<IssuedToken> {
  const key = keyOf(trusted);
  return async (token) => {
    const { payload } = await jwtVerify(token, key, {
      algorithms: trusted.keys.kind === 'secret' ? symmetric : asymmetric,
      issuer: trusted.issuer,
      audience: [...trusted.audiences],
      clockTolerance: LEEWAY_SECONDS,
      requiredClaims: ['exp'],
      currentDate: new Date(nowMs()),
    }).catch(refused);
    const { exp = 0 } = payload;
    if (exp * 1_000 > nowMs() + (LIFETIME_MAX_SECONDS + LEEWAY_SECONDS) * 1_000)
      throw refuse('token_invalid', { message: 'This token is valid for more than a day; issue shorter ones.' });
    const signed = token.slice(0, token.lastIndexOf('.'));
    return {
      person: personOf(trusted, payload),
      hash: createHash('sha256').update(signed).digest(),
      expiresAt: new Date((exp + LEEWAY_SECONDS) * 1_000),
    };
  };
}

function keyOf({ keys }: TrustedIssuer): JWTVerifyGetKey {
  if (keys.kind === 'secret') return async () => new TextEncoder().encode(keys.secret);
  if (keys.kind === 'publicKey') return async () => keys.key;
  const published = createRemoteJWKSet(new URL(keys.url), { timeoutDuration: KEYS_TIMEOUT_MS });
  return async (header, token) => {
    try {
      return await published(header, token);
    } catch (cause) {
      const isOfToken =
        cause instanceof errors.JWKSNoMatchingKey ||
        cause instanceof errors.JWKSMultipleMatchingKeys ||
        cause instanceof errors.JOSENotSupported;
      throw refuse(isOfToken ? 'token_invalid' : 'issuer_unavailable', { cause });
    }
  };
}

function refused(error: unknown): never {
  if (error instanceof errors.JWTExpired) throw refuse('token_expired');
  // A TypeError: the algorithm that the token names does not go with the key.
  if (error instanceof errors.JOSEError || error instanceof TypeError) throw refuse('token_invalid', { cause: error });
  throw error;
}

function personOf({ issuer, claims }: TrustedIssuer, payload: JWTPayload): IssuedPerson {
  const id = payload[claims.id];
  // JSON rounds greater numbers: two people of the app would be one here.
  const { data: subject } = ExternalId.safeParse(Number.isSafeInteger(id) ? String(id) : id);
  if (subject === undefined)
    throw refuse('token_invalid', { message: `The token has no claim \`${claims.id}\` that says who it is for.` });
  return {
    issuer,
    subject,
    fullName: Name.safeParse(payload[claims.name]).data,
    avatarUrl: AvatarUrl.safeParse(payload[claims.picture]).data,
    email: Email.safeParse(payload[claims.email]).data,
  };
}
