import { type HostedPerson, type OidcHost, oidcHost, providersSetting } from '@fechatter/server/testing/oidc';
import { createHmac } from 'node:crypto';
import { mailedAccounts } from '../testing/mailed-accounts.ts';

export type At = 'one' | 'two' | 'three';

const SHOP = { issuer: 'shop', audience: 'chat', secret: 'a secret of 32 bytes or more, of the shop' };

/** A deployment with three sign-in providers and one app with its own users, and a person who invites others. */
export async function takeoverStage() {
  const hosts: Readonly<Record<At, OidcHost>> = {
    one: await oidcHost(),
    two: await oidcHost(),
    three: await oidcHost(),
  };
  const scene = await mailedAccounts({
    FECHATTER_AUTH_PROVIDERS: providersSetting(hosts),
    FECHATTER_AUTH_ISSUERS: JSON.stringify([SHOP]),
  });
  const { auth, proved } = scene;
  const inviter = await proved('inviter');
  const { id: workspaceId } = await inviter.trpc.workspace.create.mutate({ name: 'W' });
  async function callbackOf(at: At, person: HostedPerson) {
    const { url, secret } = await auth.oidcBegin.mutate({ provider: at });
    return { ...(await hosts[at].signIn(url, person)), secret };
  }
  const enter = async (at: At, person: HostedPerson) => auth.oidcFinish.mutate(await callbackOf(at, person));
  return {
    ...scene,
    inviter,
    workspaceId,
    callbackOf,
    enter,
    async [Symbol.asyncDispose]() {
      await scene[Symbol.asyncDispose]();
      await Promise.all(Object.values(hosts).map((one) => one[Symbol.asyncDispose]()));
    },
  };
}

/** A person as a provider describes them. */
export const hosted = (sub: string, email: string, isVerified: boolean): HostedPerson => ({
  sub,
  name: 'Person',
  email,
  email_verified: isVerified,
});

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token of the shop, as its server signs it. */
export function shopToken(claims: object): string {
  const now = Math.floor(Date.now() / 1_000);
  const base = { iss: SHOP.issuer, aud: SHOP.audience, exp: now + 60, name: 'Person', jti: crypto.randomUUID() };
  const signed = `${part({ alg: 'HS256' })}.${part({ ...base, ...claims })}`;
  return `${signed}.${createHmac('sha256', SHOP.secret).update(signed).digest('base64url')}`;
}
