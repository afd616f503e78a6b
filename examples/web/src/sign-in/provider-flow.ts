import { chatter } from '../chatter.ts';

/** A sign-in at a provider that has begun in this tab. */
export interface BegunAtProvider {
  readonly provider: string;
  readonly purpose: 'signin' | 'link';
  readonly inviteToken?: string | undefined;
}

/** What the provider's callback and this tab know. */
export interface ProviderCallback extends BegunAtProvider {
  readonly callback: {
    readonly state: string;
    readonly code: string;
    readonly iss?: string;
    readonly secret: string;
  };
}

const KEY = 'fechatter.provider';
const PATH = '/oidc';

/** Sends the person to a provider. The secret stays in this tab: a callback that another tab receives is of no use. */
export async function beginAtProvider(begun: BegunAtProvider): Promise<void> {
  const { url, secret } = await chatter.auth.oidcBegin.mutate({ provider: begun.provider });
  sessionStorage.setItem(KEY, JSON.stringify({ ...begun, secret }));
  location.assign(url);
}

/**
 * Takes the provider's callback out of the address, when the page opens; null for one that is of no use here, such as a
 * refusal, and undefined if there is none.
 */
export function takeProviderCallback(): ProviderCallback | null | undefined {
  if (location.pathname !== PATH) return undefined;
  const query = new URLSearchParams(location.search);
  const begun = JSON.parse(sessionStorage.getItem(KEY) ?? 'null') as (BegunAtProvider & { secret: string }) | null;
  sessionStorage.removeItem(KEY);
  history.replaceState(null, '', begun?.inviteToken === undefined ? '/' : `/#/invite/${begun.inviteToken}`);
  const [state, code, iss] = ['state', 'code', 'iss'].map((name) => query.get(name));
  if (begun === null || !state || !code) return null;
  const { secret, ...rest } = begun;
  return { ...rest, callback: { state, code, secret, ...(iss && { iss }) } };
}
