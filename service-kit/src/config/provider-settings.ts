import { z } from 'zod';
import { fromJson, isProtected, type TrustedIssuer } from './issuer-settings.ts';

/** A provider with which people sign in, by OpenID Connect. */
export interface SigninProvider {
  /** What apps call it: `google`. */
  readonly id: string;
  /** What people read. */
  readonly name: string;
  /** Its metadata are at `<issuer>/.well-known/openid-configuration`. */
  readonly issuer: string;
  readonly clientId: string;
  /** Undefined: a public client. */
  readonly clientSecret?: string | undefined;
  readonly scope: string;
  /** The page to which it sends people back. Undefined: `<server.webUrl>/oidc`. */
  readonly redirectUri?: string | undefined;
}

const PROVIDERS_MAX = 20;
const Line = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}]+$/u);

const Provider = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]{1,32}$/),
  name: Line,
  issuer: z.url(),
  clientId: Line,
  clientSecret: Line.optional(),
  scope: Line.default('openid profile email').refine((scope) => scope.split(' ').includes('openid')),
  // The request for the token names it without these, and providers compare the two.
  redirectUri: z
    .url()
    .refine((url) => !/[?#]/.test(url))
    .optional(),
});

/** Providers, as a list in app.yml or JSON in the environment. */
export const signinProviders = {
  schema: z.unknown().transform((given, context): readonly SigninProvider[] => {
    const { data = [], success } = z.array(Provider).max(PROVIDERS_MAX).safeParse(given);
    const areOnce = (['id', 'issuer'] as const).every(
      (key) => new Set(data.map((one) => one[key])).size === data.length,
    );
    if (success && areOnce) return data;
    context.addIssue({ code: 'custom' });
    return z.NEVER;
  }),
  expected:
    'a list of providers, each id (a-z, 0-9, -) and issuer once: { id, name, issuer, clientId, clientSecret?, scope?, redirectUri? }',
  fromText: fromJson,
};

/** What came unprotected over a network could have been replaced on the way. */
export const disagreementsOfProviders = (providers: readonly SigninProvider[], isProduction: boolean): string[] =>
  providers.flatMap(({ id, issuer, redirectUri }) => {
    const protection = 'expected https (outside production also http on this machine)';
    const isPlain = redirectUri?.toLowerCase().startsWith('http:') === true && !isProtected(redirectUri, isProduction);
    return [
      ...(isProtected(issuer, isProduction) ? [] : [`auth.providers: the issuer of ${id}: ${protection}`]),
      ...(isPlain ? [`auth.providers: the redirectUri of ${id}: ${protection}`] : []),
    ];
  });

/**
 * One issuer cannot be both: people who linked a provider here are asked for their second factor after it, and tokens of
 * an app are exchanged without one.
 */
export const issuersInBoth = (
  issuers: readonly Pick<TrustedIssuer, 'issuer'>[],
  providers: readonly SigninProvider[],
): string[] =>
  providers
    .filter((provider) => issuers.some(({ issuer }) => issuer === provider.issuer))
    .map(({ id }) => `auth.providers: the issuer of ${id}: in auth.issuers too, expected in one of them`);
