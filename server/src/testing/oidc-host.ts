import { Provider } from 'oidc-provider';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The provider's claims about a person. */
export interface HostedPerson {
  readonly sub: string;
  readonly name?: string;
  readonly email?: string;
  readonly email_verified?: boolean;
}

/** A real OpenID provider at which every sign-in is as the person whom the test sets. */
export interface OidcHost extends AsyncDisposable {
  readonly issuer: string;
  /** The page to which it sends people back. */
  readonly redirectUri: string;
  /** Sets the person of the next sign-ins. */
  setPerson(person: HostedPerson): void;
  /** Follows the address of `auth.oidcBegin` as a browser does, and returns what comes back to the app. */
  signIn(url: string, person: HostedPerson): Promise<{ state: string; code: string; iss?: string }>;
}

export const CLIENT = { id: 'fechatter', secret: 'the secret of a client' };
const BACK = 'http://127.0.0.1:1/oidc';
const STEPS_MAX = 10;

/** In which ways a provider is unlike others. */
interface Peculiarities {
  /** The keys that it publishes instead of those with which it signs. */
  readonly published?: object;
  /** The claims of its userinfo endpoint, where they differ from those of the ID token. */
  readonly laterClaims?: Partial<HostedPerson>;
  /** The page to which it sends people back; by default one that is not there. */
  readonly redirectUri?: string;
}

export async function oidcHost({ published, laterClaims, redirectUri = BACK }: Peculiarities = {}): Promise<OidcHost> {
  const people = new Map<string, HostedPerson>();
  let current = '';
  let provider: Provider | undefined;
  const host = createServer((request, response) => {
    const of = provider;
    if (of === undefined) response.writeHead(503).end();
    else if (published !== undefined && request.url === '/jwks')
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(published));
    else if (!request.url?.startsWith('/interaction/')) void of.callback()(request, response);
    else void of.interactionFinished(request, response, { login: { accountId: current } });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => host.once('listening', resolve));
  const issuer = `http://127.0.0.1:${(host.address() as AddressInfo).port}`;
  provider = new Provider(issuer, {
    clients: [{ client_id: CLIENT.id, client_secret: CLIENT.secret, redirect_uris: [redirectUri] }],
    claims: { email: ['email', 'email_verified'], profile: ['name'] },
    findAccount: (_, sub) => ({
      accountId: sub,
      claims: async (use) => ({ ...((use === 'userinfo' && laterClaims) || people.get(sub)), sub }),
    }),
    conformIdTokenClaims: laterClaims === undefined,
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    // People are not asked for consent.
    async loadExistingGrant(ctx) {
      const { client, session } = ctx.oidc;
      if (client === undefined || session?.accountId === undefined) return undefined;
      const grant = new ctx.oidc.provider.Grant({ clientId: client.clientId, accountId: session.accountId });
      grant.addOIDCScope('openid profile email');
      await grant.save();
      return grant;
    },
    cookies: { keys: ['a key for tests'] },
  });
  const setPerson = (person: HostedPerson) => {
    people.set(person.sub, person);
    current = person.sub;
  };
  return {
    issuer,
    redirectUri,
    setPerson,
    async signIn(url, person) {
      setPerson(person);
      const cookies = new Map<string, string>();
      let next = new URL(url);
      for (let step = 0; step < STEPS_MAX; step++) {
        const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
        const { headers, status } = await fetch(next, { redirect: 'manual', headers: { cookie } });
        for (const set of headers.getSetCookie()) {
          const [name = '', value = ''] = set.split(';')[0]?.split('=') ?? [];
          cookies.set(name, value);
        }
        next = new URL(headers.get('location') ?? fail(`the provider returned ${status} at ${next.href}`), next);
        if (!next.href.startsWith(redirectUri)) continue;
        const of = (key: string) => next.searchParams.get(key) ?? undefined;
        const iss = of('iss');
        return { state: of('state') ?? '', code: of('code') ?? fail(next.search), ...(iss && { iss }) };
      }
      return fail('the provider sends people round in circles');
    },
    async [Symbol.asyncDispose]() {
      host.closeAllConnections();
      await new Promise((resolve) => host.close(resolve));
    },
  };
}

/** The setting `auth.providers` for these hosts, by what apps call them. */
export const providersSetting = (hosts: Readonly<Record<string, OidcHost>>): string =>
  JSON.stringify(
    Object.entries(hosts).map(([id, { issuer, redirectUri }]) => ({
      id,
      name: id,
      issuer,
      clientId: CLIENT.id,
      clientSecret: CLIENT.secret,
      redirectUri,
    })),
  );

function fail(problem: string): never {
  throw new Error(problem);
}
