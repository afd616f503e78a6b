import { createPublicKey, type KeyObject } from 'node:crypto';
import { z } from 'zod';

/** Where the keys of an issuer are, or the key itself. */
export type IssuerKeys =
  | { readonly kind: 'jwks'; readonly url: string }
  | { readonly kind: 'publicKey'; readonly key: KeyObject }
  | { readonly kind: 'secret'; readonly secret: string };

/** An issuer whose tokens are exchanged for sessions. */
export interface TrustedIssuer {
  /** The claim `iss`. */
  readonly issuer: string;
  /** One of these must be the claim `aud`. */
  readonly audiences: readonly string[];
  readonly keys: IssuerKeys;
  /** The claims that say who it is. */
  readonly claims: Readonly<Record<'id' | 'name' | 'picture' | 'email', string>>;
}

const SECRET_MIN_BYTES = 32;
const ISSUERS_MAX = 100;
const Text = z.string().min(1).max(1_000);

function publicKeyOf(given: string | Record<string, unknown>): KeyObject {
  const key =
    typeof given === 'string' && given.trimStart().startsWith('{') ? z.json().parse(JSON.parse(given)) : given;
  // createPublicKey also makes the public key of a private one, which has no business here.
  if (typeof key === 'string' ? /PRIVATE KEY/.test(key) : Object.hasOwn(Object(key), 'd'))
    throw new TypeError('a private key');
  if (typeof key !== 'string') return createPublicKey({ key: key as never, format: 'jwk' });
  return createPublicKey(key.replaceAll('\\n', '\n'));
}

const Issuer = z
  .strictObject({
    issuer: Text,
    audience: z.union([Text, z.array(Text).min(1).max(10)]),
    jwksUrl: z.url().optional(),
    publicKey: z.union([z.string(), z.record(z.string(), z.unknown())]).optional(),
    secret: z
      .string()
      .refine((secret) => Buffer.byteLength(secret) >= SECRET_MIN_BYTES)
      .optional(),
    claims: z.strictObject({ id: Text, name: Text, picture: Text, email: Text }).partial().optional(),
  })
  .refine(({ jwksUrl, publicKey, secret }) => [jwksUrl, publicKey, secret].filter(Boolean).length === 1);

function trusted({ issuer, audience, jwksUrl, publicKey, secret = '', claims }: z.infer<typeof Issuer>): TrustedIssuer {
  const keys: IssuerKeys =
    jwksUrl !== undefined
      ? { kind: 'jwks', url: jwksUrl }
      : publicKey !== undefined
        ? { kind: 'publicKey', key: publicKeyOf(publicKey) }
        : { kind: 'secret', secret };
  return {
    issuer,
    audiences: typeof audience === 'string' ? [audience] : audience,
    keys,
    claims: { id: 'sub', name: 'name', picture: 'picture', email: 'email', ...claims },
  };
}

/** Issuers of tokens, as a list in app.yml or JSON in the environment. */
export const trustedIssuers = {
  schema: z.unknown().transform((given, context): readonly TrustedIssuer[] => {
    try {
      const list = z.array(Issuer).max(ISSUERS_MAX).parse(given).map(trusted);
      if (new Set(list.map(({ issuer }) => issuer)).size === list.length) return list;
    } catch {
      // Details of the problem could reveal a secret: only the line with what is expected is shown.
    }
    context.addIssue({ code: 'custom' });
    return z.NEVER;
  }),
  expected:
    'a list of issuers, each once: { issuer, audience, and one of jwksUrl, publicKey, secret (32 bytes or more), claims? }',
  fromText: fromJson,
};

/** A list of objects in the environment; a value that is no JSON is validated as text. */
export function fromJson(text: string): unknown {
  try {
    return z.json().parse(JSON.parse(text));
  } catch {
    return text;
  }
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** Whether no one on the network can change the response of this URL. */
export function isProtected(url: string, isProduction: boolean): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || (protocol === 'http:' && !isProduction && LOOPBACK.test(hostname));
}

/** Keys that came unprotected over a network could have been replaced on the way. */
export const disagreementsOfIssuers = (issuers: readonly TrustedIssuer[], isProduction: boolean): string[] =>
  issuers.flatMap(({ issuer, keys }) =>
    keys.kind !== 'jwks' || isProtected(keys.url, isProduction)
      ? []
      : [`auth.issuers: the jwksUrl of ${issuer}: expected https (outside production also http on this machine)`],
  );
