import { exportJWK, generateKeyPair } from 'jose';
import { afterAll, describe, expect, test } from 'vitest';
import { type HostedPerson, type OidcHost, oidcHost, providersSetting } from '../testing/oidc-host.ts';
import { refusal, signedIn, testServer } from '../testing/index.ts';

const [one, two] = [await oidcHost(), await oidcHost()];
const hosts: Readonly<Record<string, OidcHost>> = { one, two };
const app = await testServer({ FECHATTER_AUTH_PROVIDERS: providersSetting(hosts) });
const { auth } = app.anonymous;
afterAll(async () => {
  await app[Symbol.asyncDispose]();
  await Promise.all([one, two].map((host) => host[Symbol.asyncDispose]()));
});

/** Goes to a provider as this person; returns what `oidcFinish` and `link` take. */
async function callbackOf(provider: 'one' | 'two', person: HostedPerson) {
  const { url, secret } = await auth.oidcBegin.mutate({ provider });
  const back = await (provider === 'one' ? one : two).signIn(url, person);
  return { ...back, secret };
}
const enter = async (provider: 'one' | 'two', person: HostedPerson) =>
  auth.oidcFinish.mutate(await callbackOf(provider, person));
const ada = { sub: 'ada', name: 'Ada', email: 'ada@example.com', email_verified: true };

test('people sign in with a provider without a password, and are found by issuer and subject afterwards', async () => {
  expect(await auth.providers.query()).toEqual({
    providers: [
      { id: 'one', name: 'one' },
      { id: 'two', name: 'two' },
    ],
  });
  const first = await enter('one', ada);
  expect(first).toMatchObject({ fullName: 'Ada', email: 'ada@example.com' });
  const me = await signedIn(app.url, first).user.me.query();
  expect(me.emailVerifiedAt).toBeInstanceOf(Date);
  // Another name and address at the provider: the same account, and neither changes here.
  const again = await enter('one', { sub: 'ada', name: 'A.', email: 'other@example.com', email_verified: true });
  expect(again).toMatchObject({ id: first.id, fullName: 'Ada', email: 'ada@example.com' });
  expect(await refusal(auth.signin.mutate({ email: 'ada@example.com', password: '' }))).toMatchObject({
    reason: 'wrong_credentials',
  });
  const { identities } = await signedIn(app.url, again).auth.identities.query();
  expect(identities).toMatchObject([{ issuer: one.issuer, provider: 'one' }]);
});

describe('the code that comes back', () => {
  const spent = { reason: 'token_spent' };

  test('is valid once, with its own secret and state', async () => {
    const callback = await callbackOf('one', ada);
    const other = await callbackOf('one', ada);
    const finish = (input: object) => refusal(auth.oidcFinish.mutate({ ...callback, ...input }));
    expect(await finish({ state: 'made-up' })).toMatchObject(spent);
    // A try with another secret uses it up, because someone else has seen it.
    expect(await finish({ secret: other.secret })).toMatchObject(spent);
    expect(await finish({})).toMatchObject(spent);
    // Two callbacks cannot be mixed: each code belongs to its verifier and nonce.
    const third = await callbackOf('one', ada);
    expect(await refusal(auth.oidcFinish.mutate({ ...third, code: other.code }))).toMatchObject(spent);
    expect(await refusal(auth.oidcFinish.mutate({ ...other, iss: two.issuer }))).toMatchObject(spent);
    const good = await callbackOf('one', ada);
    const both = await Promise.allSettled([auth.oidcFinish.mutate(good), auth.oidcFinish.mutate(good)]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });

  test('expires after ten minutes', async () => {
    const callback = await callbackOf('one', ada);
    await app.database.query(`update oidc_flows set expires_at = expires_at - interval '10 minutes'`);
    expect(await refusal(auth.oidcFinish.mutate(callback))).toMatchObject(spent);
  });

  test('of one provider is not accepted for another', async () => {
    const begun = await auth.oidcBegin.mutate({ provider: 'two' });
    const foreign = await callbackOf('one', ada);
    const state = new URL(begun.url).searchParams.get('state') ?? '';
    const mixed = { ...foreign, state, secret: begun.secret };
    expect(await refusal(auth.oidcFinish.mutate(mixed))).toMatchObject(spent);
  });

  test('the address of the provider contains no secret of the server', async () => {
    const { url, secret } = await auth.oidcBegin.mutate({ provider: 'one' });
    const sent = new URL(url).searchParams;
    expect(sent.get('code_challenge_method')).toBe('S256');
    expect(sent.get('redirect_uri')).toBe('http://127.0.0.1:1/oidc');
    expect(url).not.toContain(secret);
    const [flow] = await app.database.query<{ verifier: string }>(`select verifier from oidc_flows limit 1`);
    expect(url).not.toContain(flow?.verifier);
    const stored = JSON.stringify(await app.database.query(`select * from oidc_flows`));
    for (const kept of [secret, sent.get('state') ?? '']) expect(stored).not.toContain(kept);
  });

  test('from an unreachable provider is not accepted', async () => {
    expect(await refusal(auth.oidcBegin.mutate({ provider: 'three' }))).toMatchObject({ reason: 'provider_not_found' });
    const gone = await oidcHost();
    await gone[Symbol.asyncDispose]();
    await using other = await app.another({ FECHATTER_AUTH_PROVIDERS: providersSetting({ gone }) });
    expect(await refusal(other.anonymous.auth.oidcBegin.mutate({ provider: 'gone' }))).toMatchObject({
      reason: 'issuer_unavailable',
    });
    // Those who wait for the same attempt get the same error.
    const waiting = [1, 2, 3].map(() => other.client({}).auth.oidcBegin.mutate({ provider: 'gone' }));
    const reasons = (await Promise.all(waiting.map(refusal))).map((data) => data?.reason);
    expect(reasons).toEqual(['issuer_unavailable', 'issuer_unavailable', 'issuer_unavailable']);
  });

  test('is not accepted if the provider’s published keys did not sign its token', async () => {
    const { publicKey } = await generateKeyPair('RS256');
    await using forged = await oidcHost({
      published: { keys: [{ ...(await exportJWK(publicKey)), use: 'sig', alg: 'RS256' }] },
    });
    await using other = await app.another({ FECHATTER_AUTH_PROVIDERS: providersSetting({ forged }) });
    const { url, secret } = await other.anonymous.auth.oidcBegin.mutate({ provider: 'forged' });
    const back = await forged.signIn(url, ada);
    expect(await refusal(other.anonymous.auth.oidcFinish.mutate({ ...back, secret }))).toMatchObject(spent);
  });
});

test('a verification of one address does not apply to another address from the same provider', async () => {
  const owner = await app.signUp('believed');
  await app.database.query('update users set email_verified_at = now() where id = $1', [owner.id]);
  await using later = await oidcHost({ laterClaims: { name: 'Eve', email: owner.email } });
  await using other = await app.another({ FECHATTER_AUTH_PROVIDERS: providersSetting({ later }) });
  const { url, secret } = await other.anonymous.auth.oidcBegin.mutate({ provider: 'later' });
  const back = await later.signIn(url, { sub: 'eve', email: 'eve@example.com', email_verified: true });
  const session = await other.anonymous.auth.oidcFinish.mutate({ ...back, secret });
  expect(session).toMatchObject({ fullName: 'Eve', email: 'eve@example.com' });
  expect(session.id).not.toBe(owner.id);
});

describe('linking', () => {
  test('needs a recent sign-in, adds a provider with any address, and can be undone', async () => {
    const bea = await app.signUp('bea');
    const callback = await callbackOf('one', { sub: 'bea-1', name: 'B', email: 'elsewhere@example.com' });
    const linked = await bea.trpc.auth.link.mutate(callback);
    expect(linked).toMatchObject({ provider: 'one', issuer: one.issuer });
    expect(await enter('one', { sub: 'bea-1' })).toMatchObject({ id: bea.id });
    expect(await bea.trpc.auth.link.mutate(await callbackOf('one', { sub: 'bea-1' }))).toEqual(linked);
    const carl = await app.signUp('carl');
    expect(await refusal(carl.trpc.auth.link.mutate(await callbackOf('one', { sub: 'bea-1' })))).toMatchObject({
      reason: 'identity_taken',
    });
    expect(await refusal(carl.trpc.auth.unlink.mutate({ identityId: linked.id }))).toMatchObject({
      reason: 'identity_not_found',
    });
    await app.database.query(`update sessions set authenticated_at = now() - interval '11 minutes'`);
    const stale = await callbackOf('two', { sub: 'bea-2' });
    for (const call of [bea.trpc.auth.link.mutate(stale), bea.trpc.auth.unlink.mutate({ identityId: linked.id })])
      expect(await refusal(call)).toMatchObject({ reason: 'reauthentication_needed' });
    await bea.trpc.auth.reauthenticate.mutate({ currentPassword: bea.password });
    await bea.trpc.auth.unlink.mutate({ identityId: linked.id });
    expect(await bea.trpc.auth.identities.query()).toEqual({ identities: [] });
    expect((await enter('one', { sub: 'bea-1', name: 'New' })).id).not.toBe(bea.id);
    const audit = await app.database.query(
      `select action from audit_log where scope_id = $1 and action like 'account.identity%' order by id`,
      [bea.id],
    );
    expect(audit).toEqual([{ action: 'account.identityLinked' }, { action: 'account.identityUnlinked' }]);
  });
});

describe('an account', () => {
  test('that is suspended cannot be signed in to', async () => {
    const { id } = await enter('one', { sub: 'sue', name: 'Sue' });
    await app.database.query(`update users set status = 'Suspended' where id = $1`, [id]);
    expect(await refusal(enter('one', { sub: 'sue' }))).toMatchObject({ reason: 'account_suspended' });
  });

  test('with a second factor requires it after a provider too', async () => {
    const { id } = await enter('one', { sub: 'tom', name: 'Tom' });
    await app.database.query(`update users set second_factor_at = now() where id = $1`, [id]);
    expect(await refusal(enter('one', { sub: 'tom' }))).toMatchObject({ reason: 'second_factor_required' });
  });

  test('is created only for people whom the operator lets sign up', async () => {
    const at = async (env: Readonly<Record<string, string>>, person: HostedPerson) => {
      await using other = await app.another(env);
      const { url, secret } = await other.anonymous.auth.oidcBegin.mutate({ provider: 'one' });
      const back = await one.signIn(url, person);
      return (await refusal(other.anonymous.auth.oidcFinish.mutate({ ...back, secret })))?.reason;
    };
    const person = { sub: 'new', email: 'new@example.org', email_verified: true };
    expect(await at({ FECHATTER_AUTH_SIGNUP_MODE: 'closed' }, person)).toBe('signup_closed');
    // With one connection: the check takes no second one, so concurrent calls cannot wait for each other.
    const invited = { FECHATTER_AUTH_SIGNUP_MODE: 'invited', FECHATTER_DATABASE_POOL_SIZE: '1' };
    expect(await at(invited, person)).toBe('invitation_needed');
    const domain = { FECHATTER_AUTH_SIGNUP_DOMAINS: 'example.com' };
    expect(await at(domain, person)).toBe('domain_not_allowed');
    // An address that the provider has not verified is of no domain.
    expect(await at(domain, { sub: 'new', email: 'new@example.com', email_verified: false })).toBe(
      'domain_not_allowed',
    );
  });
});
