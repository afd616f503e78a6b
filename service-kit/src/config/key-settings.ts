import { createHash, createPrivateKey, type KeyObject } from 'node:crypto';
import { z } from 'zod';

/** A private Ed25519 key as a JWK; `kid` is its RFC 7638 thumbprint if the operator gave none. */
export interface SigningKey {
  readonly kid: string;
  readonly jwk: { readonly kty: 'OKP'; readonly crv: 'Ed25519'; readonly x: string; readonly d: string };
}

/** One key of the ring that message content is encrypted with. */
export interface EncryptionKey {
  readonly id: number;
  readonly key: Uint8Array;
}

const base64 = /^[A-Za-z0-9+/_-]+={0,2}$/;

function signingKey(key: KeyObject, kid: string | undefined): SigningKey {
  if (key.asymmetricKeyType !== 'ed25519') throw new TypeError('not an Ed25519 key');
  const { x = '', d = '' } = key.export({ format: 'jwk' });
  const thumbprint = createHash('sha256').update(JSON.stringify({ crv: 'Ed25519', kty: 'OKP', x }));
  return { kid: kid ?? thumbprint.digest('base64url'), jwk: { kty: 'OKP', crv: 'Ed25519', x, d } };
}

function fromJwk(given: unknown): SigningKey {
  const kid = z.object({ kid: z.string().min(1).max(128).optional() }).parse(given).kid;
  return signingKey(createPrivateKey({ key: given as never, format: 'jwk' }), kid);
}

function signingKeysIn(given: unknown): SigningKey[] {
  if (Array.isArray(given)) return given.flatMap(signingKeysIn);
  if (typeof given !== 'string') {
    const set = z.object({ keys: z.array(z.unknown()) }).safeParse(given);
    return set.success ? set.data.keys.map(fromJwk) : [fromJwk(given)];
  }
  const blocks = given.replaceAll('\\n', '\n').match(/-----BEGIN PRIVATE KEY-----[^-]+-----END PRIVATE KEY-----/g);
  if (blocks) return blocks.map((pem) => signingKey(createPrivateKey(pem), undefined));
  return signingKeysIn(z.json().parse(JSON.parse(given)));
}

function readAs<T>(read: (given: unknown) => readonly T[], idOf: (entry: T) => string | number) {
  return z.unknown().transform((given, context): readonly T[] => {
    try {
      const entries = read(given);
      const ids = new Set(entries.map(idOf));
      if (entries.length > 0 && entries.length <= 100 && ids.size === entries.length) return entries;
    } catch {
      // The cause could contain the secret, so only the line about what is expected is reported.
    }
    context.addIssue({ code: 'custom' });
    return z.NEVER;
  });
}

/** PKCS8 PEM blocks, a JWK, a list of JWKs or a JWK set. The first one signs, all of them are published. */
export const signingKeys = {
  schema: readAs(signingKeysIn, ({ kid }) => kid),
  expected: 'one or more private Ed25519 keys, as PKCS8 PEM or JWK, the newest first',
};

const EncryptionEntry = z.object({
  id: z
    .union([
      z.int(),
      z
        .string()
        .regex(/^\d{1,5}$/)
        .transform(Number),
    ])
    .refine((id) => id >= 1 && id <= 65_535),
  key: z
    .string()
    .regex(base64)
    .transform((encoded) => Uint8Array.from(Buffer.from(encoded, 'base64')))
    .refine(({ length }) => length === 32),
});

function encryptionKeysIn(given: unknown): readonly EncryptionKey[] {
  if (typeof given !== 'string') return z.array(EncryptionEntry).parse(given);
  if (given.trimStart().startsWith('[')) return z.array(EncryptionEntry).parse(JSON.parse(given));
  return given
    .split(/[\s,]+/)
    .filter(Boolean)
    .map((entry) => {
      const [id, key, ...rest] = entry.split(':');
      if (rest.length > 0) throw new TypeError('not <id>:<key>');
      return EncryptionEntry.parse({ id, key });
    });
}

/** `2:<base64>,1:<base64>`, or a list of `{ id, key }`. The first one encrypts, all of them decrypt. */
export const encryptionKeys = {
  schema: readAs(encryptionKeysIn, ({ id }) => id),
  expected: 'keys as <id>:<32 bytes in base64>, the newest first, ids from 1 to 65535 and never used twice',
};
