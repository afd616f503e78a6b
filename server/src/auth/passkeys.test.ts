import { chromiumPath, launchChromium } from '@fechatter/testing/chromium';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { holdUser, type Person, refusal, signedIn, type TestServer, testServer, totpOf } from '../testing/index.ts';
import { OTHER_PAGE, type PasskeyDevice, passkeyDevice, passkeyEnv } from '../testing/passkey-device.ts';

const spent = { code: 'BAD_REQUEST', reason: 'token_spent' };
const typed = ({ email, password }: Person) => ({ email, password });

describe.skipIf(chromiumPath === undefined)('with Chromium’s virtual authenticator', () => {
  let app: TestServer;
  let browser: Awaited<ReturnType<typeof launchChromium>>;
  let device: PasskeyDevice;
  beforeAll(async () => {
    app = await testServer({ ...passkeyEnv, FECHATTER_LIMITS_SIGNINS_PER_MINUTE: '0' });
    browser = await launchChromium();
    device = await passkeyDevice(browser);
  });
  afterAll(async () => {
    await browser.close();
    await app[Symbol.asyncDispose]();
  });

  const add = async ({ trpc }: Person, of = device) => {
    const passkey = await of.create(await trpc.auth.passkeyBegin.mutate());
    return trpc.auth.passkeyAdd.mutate({ passkey, name: 'laptop' });
  };
  const signed = async (of = device) => of.get(await app.anonymous.auth.passkeySigninBegin.mutate());
  const auditOf = async ({ id }: Person) =>
    (
      await app.database.query<{ line: string }>(
        `select action || coalesce(' ' || (details ->> 'method'), '') as line from audit_log where scope_id = $1 order by id`,
        [id],
      )
    ).map(({ line }) => line);

  test('a passkey signs in without an address or a password, and the password alone no longer does', async () => {
    const ada = await app.signUp('ada');
    const { passkey, recoveryCodes } = await add(ada);
    expect(passkey).toMatchObject({ name: 'laptop', lastUsedAt: null });
    expect(recoveryCodes).toHaveLength(10);
    const assertion = await signed();
    const session = await app.anonymous.auth.passkeySignin.mutate({ passkey: assertion });
    expect(await signedIn(app.url, session).user.me.query()).toMatchObject({ id: ada.id });
    // Replayed.
    expect(await refusal(app.anonymous.auth.passkeySignin.mutate({ passkey: assertion }))).toMatchObject(spent);
    const refused = await refusal(app.anonymous.auth.signin.mutate(typed(ada)));
    expect(refused).toMatchObject({ reason: 'second_factor_required', methods: ['Passkey', 'RecoveryCode'] });
    expect(await ada.trpc.auth.passkeys.query()).toMatchObject({
      passkeys: [{ id: passkey.id, name: 'laptop', lastUsedAt: expect.any(Date) as Date }],
    });
    expect(await auditOf(ada)).toEqual([
      'account.signedUp',
      'account.passkeyAdded',
      'account.recoveryCodesMade',
      'account.signedIn Passkey',
    ]);
    // The device has it already.
    const again = ada.trpc.auth.passkeyBegin.mutate().then((options) => device.create(options));
    await expect(again).rejects.toThrow('InvalidStateError');
    await ada.trpc.auth.passkeyRemove.mutate({ passkeyId: passkey.id });
    expect(await refusal(app.anonymous.auth.passkeySignin.mutate({ passkey: await signed() }))).toMatchObject(spent);
    expect(await app.anonymous.auth.signin.mutate(typed(ada))).toMatchObject({ id: ada.id });
    expect(await ada.trpc.auth.secondFactors.query()).toMatchObject({ recoveryCodesLeft: 0 });
  });

  test('as a second factor it completes the sign-in of its own account alone, once', async () => {
    await using own = await passkeyDevice(browser);
    const [bob, eve] = [await app.signUp('bob'), await app.signUp('eve')];
    await add(bob, own);
    await totpOf(app, eve);
    const challengeOf = async (person: Person) =>
      (await refusal(app.anonymous.auth.signin.mutate(typed(person))))?.challenge ?? '';
    const { secondFactor } = app.anonymous.auth;
    const swapped = secondFactor.mutate({ challenge: await challengeOf(eve), passkey: await signed(own) });
    expect(await refusal(swapped)).toMatchObject(spent);
    const challenge = await challengeOf(bob);
    expect(await secondFactor.mutate({ challenge, passkey: await signed(own) })).toMatchObject({ id: bob.id });
    expect(await refusal(secondFactor.mutate({ challenge, passkey: await signed(own) }))).toMatchObject(spent);
    for (const wrong of [{}, { code: '1', passkey: await signed(own) }])
      expect(await refusal(secondFactor.mutate({ challenge, ...wrong }))).toMatchObject({ reason: 'invalid_input' });
  });

  test('a passkey reauthenticates only the own sessions', async () => {
    await using own = await passkeyDevice(browser);
    const [cy, dee] = [await app.signUp('cy'), await app.signUp('dee')];
    await add(cy, own);
    await app.database.query(`update sessions set authenticated_at = now() - interval '11 minutes'`);
    const needed = { reason: 'reauthentication_needed' };
    expect(await refusal(cy.trpc.auth.passkeyBegin.mutate())).toMatchObject(needed);
    const [{ id: passkeyId } = { id: '' }] = (await cy.trpc.auth.passkeys.query()).passkeys;
    expect(await refusal(cy.trpc.auth.passkeyRemove.mutate({ passkeyId }))).toMatchObject(needed);
    expect(await refusal(dee.trpc.auth.reauthenticate.mutate({ passkey: await signed(own) }))).toMatchObject(spent);
    await cy.trpc.auth.reauthenticate.mutate({ passkey: await signed(own) });
    await dee.trpc.auth.reauthenticate.mutate({ currentPassword: dee.password });
    expect(await refusal(dee.trpc.auth.passkeyRemove.mutate({ passkeyId }))).toMatchObject({
      reason: 'passkey_not_found',
    });
    await cy.trpc.auth.passkeyRemove.mutate({ passkeyId });
  });

  test('responses of another origin, without user verification, or by a copied key are refused', async () => {
    await using own = await passkeyDevice(browser);
    const finn = await app.signUp('finn');
    const { trpc } = finn;
    const { passkeySignin, passkeySigninBegin } = app.anonymous.auth;
    const refused = async (passkey: Record<string, unknown>) =>
      expect(await refusal(passkeySignin.mutate({ passkey }))).toMatchObject(spent);
    // A page below the domain may ask, and is not ours.
    const elsewhere = await own.create(await trpc.auth.passkeyBegin.mutate(), OTHER_PAGE);
    expect(await refusal(trpc.auth.passkeyAdd.mutate({ passkey: elsewhere }))).toMatchObject(spent);
    await using next = await passkeyDevice(browser);
    await add(finn, next);
    await refused(await next.get(await passkeySigninBegin.mutate(), OTHER_PAGE));

    await next.setVerifies(false);
    const { options } = await passkeySigninBegin.mutate();
    await refused(await next.get({ options: { ...options, userVerification: 'discouraged' } }));
    await using careless = await passkeyDevice(browser, 'key without a PIN');
    const asked = (await trpc.auth.passkeyBegin.mutate()).options;
    const authenticatorSelection = { residentKey: 'discouraged', userVerification: 'discouraged' };
    const unverified = await careless.create({ options: { ...asked, authenticatorSelection } });
    expect(await refusal(trpc.auth.passkeyAdd.mutate({ passkey: unverified }))).toMatchObject(spent);

    await next.setVerifies(true);
    await app.database.query('update passkeys set sign_count = 100 where user_id = $1', [finn.id]);
    await next.setSignCount(50);
    await refused(await signed(next));
    await next.setSignCount(200);
    expect(await passkeySignin.mutate({ passkey: await signed(next) })).toMatchObject({ id: finn.id });
  });

  test('expired, invented and swapped challenges are used up, and so are those of forged responses', async () => {
    await using own = await passkeyDevice(browser);
    const [gus, hal] = [await app.signUp('gus'), await app.signUp('hal')];
    const { passkeySignin, passkeySigninBegin } = app.anonymous.auth;
    const asked = await gus.trpc.auth.passkeyBegin.mutate();
    const made = await own.create(asked);
    expect(await refusal(hal.trpc.auth.passkeyAdd.mutate({ passkey: made }))).toMatchObject(spent);
    const { passkey } = await gus.trpc.auth.passkeyAdd.mutate({ passkey: made });
    expect(await refusal(gus.trpc.auth.passkeyAdd.mutate({ passkey: made }))).toMatchObject(spent);
    const attempt = async (given: Record<string, unknown>) =>
      (await refusal(passkeySignin.mutate({ passkey: given })))?.reason;

    const late = await signed(own);
    await app.database.query(`update passkey_challenges set expires_at = now() - interval '1 second'`);
    expect(await attempt(late)).toBe('token_spent');
    const unknown = { options: { ...(await passkeySigninBegin.mutate()).options, challenge: 'bWFkZS11cA' } };
    expect(await attempt(await own.get(unknown))).toBe('token_spent');
    // The challenge of a person who adds a passkey is none to sign in by.
    const { challenge } = (await gus.trpc.auth.passkeyBegin.mutate()).options;
    const mixed = { options: { ...(await passkeySigninBegin.mutate()).options, challenge } };
    expect(await attempt(await own.get(mixed))).toBe('token_spent');

    for (const [key, value] of [
      ['signature', 'AAAA'],
      ['authenticatorData', 'AAAA'],
      ['clientDataJSON', 'AAAA'],
      ['userHandle', 'AAAA'],
    ] as const) {
      const good = (await signed(own)) as { response: object };
      expect([key, await attempt({ ...good, response: { ...good.response, [key]: value } })]).toEqual([
        key,
        'token_spent',
      ]);
    }
    expect(await attempt({ ...(await signed(own)), rawId: 'AAAA', id: 'AAAA' })).toBe('token_spent');
    for (const bad of [{}, { id: 1 }, { ...(await signed(own)), rawId: '!' }])
      expect(await attempt(bad)).toBe('invalid_input');
    // One whose account is suspended.
    await app.database.query(`update users set status = 'Suspended' where id = $1`, [gus.id]);
    expect(await attempt(await signed(own))).toBe('token_spent');
    expect(passkey.isSynced).toBe(false);
  });

  test('of two concurrent sign-ins with one challenge one succeeds, and an account has at most twenty passkeys', async () => {
    await using own = await passkeyDevice(browser);
    const ida = await app.signUp('ida');
    await add(ida, own);
    const passkey = await signed(own);
    const both = [1, 2].map(() => app.anonymous.auth.passkeySignin.mutate({ passkey }));
    expect((await Promise.allSettled(both)).map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await app.database.query(
      `insert into passkeys (id, user_id, credential_id, public_key, sign_count, transports, name, is_synced)
       select gen_random_uuid(), $1, decode(lpad(to_hex(n), 8, '0'), 'hex'), '', 0, '{}', 'one more', false
       from generate_series(1, 19) n`,
      [ida.id],
    );
    await using another = await passkeyDevice(browser);
    expect(await refusal(add(ida, another))).toMatchObject({ reason: 'quota_exceeded' });
  });

  test('a passkey that is removed while it signs in is refused or used once, and neither call fails', async () => {
    await using own = await passkeyDevice(browser);
    const mia = await app.signUp('mia');
    const { passkey } = await add(mia, own);
    const given = await signed(own);
    const held = await holdUser(app, mia.id);
    const removal = mia.trpc.auth.passkeyRemove.mutate({ passkeyId: passkey.id });
    await held.waiting(1);
    const late = refusal(app.anonymous.auth.passkeySignin.mutate({ passkey: given }));
    await held.waiting(2);
    await held.release();
    await removal;
    expect(await late).toMatchObject(spent);
  });

  test('over REST options and passkeys have the names that browsers use', async () => {
    await using own = await passkeyDevice(browser);
    const lou = await app.signUp('lou');
    await add(lou, own);
    const post = async (path: string, body: object) => {
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(`${app.url}/api${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
      return (await response.json()) as Record<string, unknown>;
    };
    const { options } = await post('/auth/passkey-signin/begin', {});
    const passkey = await own.get({ options: options as Record<string, unknown> });
    expect(await post('/auth/passkey-signin', { passkey })).toMatchObject({ id: lou.id, full_name: 'lou' });
  });

  test('an erased person has no passkeys', async () => {
    await using own = await passkeyDevice(browser);
    const jo = await app.signUp('jo');
    await add(jo, own);
    await jo.trpc.user.erase.mutate({ password: jo.password, confirmation: 'erase' });
    expect(await app.database.query('select from passkeys where user_id = $1', [jo.id])).toEqual([]);
    const late = app.anonymous.auth.passkeySignin.mutate({ passkey: await signed(own) });
    expect(await refusal(late)).toMatchObject(spent);
  });
});

test('without a domain there are no passkeys', async () => {
  await using app = await testServer({ FECHATTER_SERVER_WEB_URL: 'https://192.0.2.7' });
  const kim = await app.signUp('kim');
  const off = { code: 'FORBIDDEN', reason: 'passkeys_off' };
  expect(await refusal(app.anonymous.auth.passkeySigninBegin.mutate())).toMatchObject(off);
  expect(await refusal(kim.trpc.auth.passkeyBegin.mutate())).toMatchObject(off);
  expect((await app.anonymous.info.get.query()).features).not.toContain('passkeys');
});
