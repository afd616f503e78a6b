import { AvatarUrl, Email, ExternalId, Name } from '@fechatter/contract';
import { type Log, refuse, type SigninProvider } from '@fechatter/service-kit';
import * as oidc from 'openid-client';

/** What a sign-in at a provider needs to know between its beginning and its end. */
export interface OidcSecrets {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** A person as a provider knows them. What is not valid here is undefined. */
export interface ProvidedPerson {
  readonly issuer: string;
  readonly subject: string;
  readonly fullName: string | undefined;
  readonly avatarUrl: string | undefined;
  readonly email: string | undefined;
  /** Whether the provider has verified that the address is theirs. */
  readonly isEmailVerified: boolean;
}

export interface OidcProviders {
  readonly list: readonly SigninProvider[];
  /** Where to send a person. Throws issuer_unavailable if the provider cannot be reached. */
  begin(provider: SigninProvider): Promise<OidcSecrets & { readonly url: string }>;
  /** Who came back. Throws token_spent for a code or a state that is not of this sign-in. */
  finish(provider: SigninProvider, secrets: OidcSecrets, parameters: OidcParameters): Promise<ProvidedPerson>;
}

interface OidcParameters {
  readonly code: string;
  readonly iss: string | undefined;
}

const TIMEOUT_SECONDS = 5;
/** Keys are read again when one is missing; the rest hardly ever changes. */
const METADATA_MS = 3_600_000;

/** `redirectUri` is the page to which providers send people back that name none themselves. */
export function createOidcProviders(list: readonly SigninProvider[], redirectUri: string, log: Log): OidcProviders {
  const known = new Map<string, { readonly until: number; readonly config: Promise<oidc.Configuration> }>();

  const configOf = (provider: SigninProvider): Promise<oidc.Configuration> => {
    const before = known.get(provider.id);
    if (before !== undefined && before.until > performance.now()) return before.config;
    // Everything that waits for it gets the same result or error.
    const config = discover(provider).catch((err: unknown) => {
      known.delete(provider.id);
      log.warn({ err, provider: provider.id }, 'a sign-in provider cannot be reached');
      throw refuse('issuer_unavailable', { cause: err });
    });
    known.set(provider.id, { until: performance.now() + METADATA_MS, config });
    return config;
  };

  return {
    list,
    async begin(provider) {
      const config = await configOf(provider);
      const verifier = oidc.randomPKCECodeVerifier();
      const secrets = { verifier, state: oidc.randomState(), nonce: oidc.randomNonce() };
      const url = oidc.buildAuthorizationUrl(config, {
        redirect_uri: provider.redirectUri ?? redirectUri,
        scope: provider.scope,
        state: secrets.state,
        nonce: secrets.nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      });
      return { ...secrets, url: url.href };
    },
    async finish(provider, { state, nonce, verifier }, { code, iss }) {
      const config = await configOf(provider);
      const back = new URL(provider.redirectUri ?? redirectUri);
      for (const [key, value] of Object.entries({ code, state, iss }))
        if (value !== undefined) back.searchParams.set(key, value);
      const checks = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true };
      const tokens = await oidc.authorizationCodeGrant(config, back, checks).catch((cause: unknown) => {
        if (isUnavailable(cause)) throw refuse('issuer_unavailable', { cause });
        log.info({ err: cause, provider: provider.id }, 'a sign-in at a provider was refused');
        throw refuse('token_spent', { cause });
      });
      const claims = tokens.claims();
      if (claims === undefined) throw refuse('token_spent');
      const more = await moreOf(config, tokens.access_token, claims);
      // A verification by one of the two does not apply to the address from the other.
      const { email, email_verified } = claims.email === undefined ? more : claims;
      return personOf(provider, claims.sub, { ...claims, ...more, email, email_verified });
    },
  };
}

function discover({ issuer, clientId, clientSecret }: SigninProvider): Promise<oidc.Configuration> {
  const url = new URL(issuer);
  // Settings allow plain http on this machine alone, and never in production.
  const insecure = url.protocol === 'http:' ? [oidc.allowInsecureRequests] : [];
  // Without it TLS alone would vouch for an ID token.
  const execute = [...insecure, oidc.enableNonRepudiationChecks];
  const authentication = clientSecret === undefined ? oidc.None() : undefined;
  return oidc.discovery(url, clientId, clientSecret, authentication, { execute, timeout: TIMEOUT_SECONDS });
}

/** The provider does not respond, or not as a provider: the caller did nothing wrong. */
const isUnavailable = (error: unknown): boolean =>
  error instanceof TypeError || (error instanceof oidc.ClientError && error.code === 'OAUTH_TIMEOUT');

/** Many providers return name and address only for the access token; the subject must be the same there. */
async function moreOf(config: oidc.Configuration, accessToken: string, claims: oidc.IDToken): Promise<Claims> {
  if (claims.email !== undefined && claims.name !== undefined) return {};
  if (config.serverMetadata().userinfo_endpoint === undefined) return {};
  return oidc.fetchUserInfo(config, accessToken, claims.sub).catch((cause: unknown) => {
    throw refuse('issuer_unavailable', { cause });
  });
}

type Claims = Readonly<Record<string, unknown>>;

function personOf({ issuer }: SigninProvider, sub: string, claims: Claims): ProvidedPerson {
  const { data: subject } = ExternalId.safeParse(sub);
  if (subject === undefined) throw refuse('token_spent');
  const email = Email.safeParse(claims.email).data;
  return {
    issuer,
    subject,
    fullName: Name.safeParse(claims.name).data ?? Name.safeParse(claims.preferred_username).data,
    avatarUrl: AvatarUrl.safeParse(claims.picture).data,
    email,
    isEmailVerified: email !== undefined && claims.email_verified === true,
  };
}
