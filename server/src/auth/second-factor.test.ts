import { Secret, TOTP } from 'otpauth';
import { afterAll, expect, test } from 'vitest';
import { holdUser, type Person, refusal, signedIn, testServer, totpOf } from '../testing/index.ts';

const app = await testServer({ FECHATTER_LIMITS_SIGNINS_PER_MINUTE: '1000' });
afterAll(() => app[Symbol.asyncDispose]());
const { auth } = app.anonymous;

const spent = { code: 'BAD_REQUEST', reason: 'token_spent' };
const typed = ({ email, password }: Pick<Person, 'email' | 'password'>) => ({ email, password });
/** The challenge of a sign-in with the right password. */
async function challengeOf(person: Pick<Person, 'email' | 'password'>, deviceToken?: string): Promise<string> {
  const data = await refusal(auth.signin.mutate({ ...typed(person), ...(deviceToken && { deviceToken }) }));
  expect(data).toMatchObject({ code: 'UNAUTHORIZED', reason: 'second_factor_required' });
  return data?.challenge ?? expect.fail();
}
const auditOf = async ({ id }: Pick<Person, 'id'>) => {
  await app.deps.failedSignIns.settled();
  return app.database.query<{ action: string; details: object }>(
    'select action, details from audit_log where scope_id = $1 order by id',
    [id],
  );
};

test('with an authenticator app a sign-in needs the password and a code', async () => {
  const ada = await app.signUp('ada');
  const totp = await totpOf(app, ada);
  const refused = await refusal(auth.signin.mutate(typed(ada)));
  expect(refused).toMatchObject({ reason: 'second_factor_required', methods: ['Totp', 'RecoveryCode'] });
  const session = await auth.secondFactor.mutate({ challenge: refused?.challenge ?? '', code: totp.code(1) });
  expect(await signedIn(app.url, session).user.me.query()).toMatchObject({ id: ada.id });
  expect(await refusal(auth.signin.mutate({ email: ada.email, password: 'a guess' }))).toMatchObject({
    reason: 'wrong_credentials',
  });
  const actions = await auditOf(ada);
  expect(actions.map(({ action }) => action)).toEqual([
    'account.signedUp',
    'account.totpAdded',
    'account.recoveryCodesMade',
    'account.signedIn',
    'account.signInFailed',
  ]);
  expect(actions[3]?.details).toMatchObject({ method: 'Totp' });
});

test('over REST the refusal has the challenge and the methods in its error', async () => {
  const rae = await app.signUp('rae');
  await totpOf(app, rae);
  const response = await fetch(`${app.url}/api/auth/signin`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(typed(rae)),
  });
  expect(response.status).toBe(401);
  const { error } = (await response.json()) as { error: object };
  expect(error).toMatchObject({
    reason: 'second_factor_required',
    challenge: expect.stringMatching(/^[\w-]{43}$/) as string,
    methods: ['Totp', 'RecoveryCode'],
  });
});

test('a code is valid once: not for two sign-ins, not concurrently, and no earlier code after it', async () => {
  const bo = await app.signUp('bo');
  const totp = await totpOf(app, bo);
  const [one, two, three] = [await challengeOf(bo), await challengeOf(bo), await challengeOf(bo)];
  // The code of the confirmation is used up, and so is every earlier one.
  for (const code of [totp.code(), totp.code(-1)])
    expect(await refusal(auth.secondFactor.mutate({ challenge: one, code }))).toMatchObject(spent);
  const code = totp.code(1);
  const both = await Promise.allSettled([one, two].map((challenge) => auth.secondFactor.mutate({ challenge, code })));
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(await refusal(auth.secondFactor.mutate({ challenge: three, code }))).toMatchObject(spent);
  // A wrong code leaves the challenge as it was, a right one uses it up.
  await auth.secondFactor.mutate({ challenge: three, code: await totp.unusedCode() });
  expect(await refusal(auth.secondFactor.mutate({ challenge: three, code: await totp.unusedCode() }))).toMatchObject(
    spent,
  );
});

test('clocks may differ by a step, and not by two', async () => {
  const cy = await app.signUp('cy');
  const totp = await totpOf(app, cy);
  for (const [steps, isRight] of [
    [-3, false],
    [3, false],
    [1, true],
  ] as const) {
    const attempt = auth.secondFactor.mutate({ challenge: await challengeOf(cy), code: totp.code(steps) });
    expect([steps, await attempt.then(Boolean, () => false)]).toEqual([steps, isRight]);
  }
});

test('expired, invented and other people’s challenges are refused, and so are those from before a password change', async () => {
  const [di, ed] = [await app.signUp('di'), await app.signUp('ed')];
  const [hers, his] = [await totpOf(app, di), await totpOf(app, ed)];
  const challenge = await challengeOf(di);
  expect(await refusal(auth.secondFactor.mutate({ challenge, code: his.code(1) }))).toMatchObject(spent);
  expect(await refusal(auth.secondFactor.mutate({ challenge: 'made-up', code: hers.code(1) }))).toMatchObject(spent);
  await di.trpc.auth.changePassword.mutate({ currentPassword: di.password, newPassword: 'another password' });
  expect(await refusal(auth.secondFactor.mutate({ challenge, code: hers.code(1) }))).toMatchObject(spent);
  const next = await challengeOf({ ...di, password: 'another password' });
  await app.database.query(`update signin_challenges set expires_at = now() - interval '1 second'`);
  expect(await refusal(auth.secondFactor.mutate({ challenge: next, code: hers.code(1) }))).toMatchObject(spent);
});

test('a code that races a password change is refused or used, and neither call fails', async () => {
  const ora = await app.signUp('ora');
  const totp = await totpOf(app, ora);
  const challenge = await challengeOf(ora);
  const held = await holdUser(app, ora.id);
  const change = ora.trpc.auth.changePassword.mutate({
    currentPassword: ora.password,
    newPassword: 'another password',
  });
  await held.waiting(1);
  const late = refusal(auth.secondFactor.mutate({ challenge, code: totp.code(1) }));
  await held.waiting(2);
  await held.release();
  await change;
  expect(await late).toMatchObject(spent);
});

test('a challenge of another deployment is invalid here', async () => {
  await using other = await testServer();
  const sam = await other.signUp('sam');
  const totp = await totpOf(other, sam);
  const data = await refusal(other.anonymous.auth.signin.mutate(typed(sam)));
  const attempt = auth.secondFactor.mutate({ challenge: data?.challenge ?? '', code: totp.code(1) });
  expect(await refusal(attempt)).toMatchObject(spent);
});

test('1,000 guesses lock codes for this account only; a known device and the recovery codes still work', async () => {
  const [fay, gus] = [await app.signUp('fay'), await app.signUp('gus')];
  const [hers, his] = [await totpOf(app, fay), await totpOf(app, gus)];
  const challenge = await challengeOf(fay);
  const right = hers.code(1);
  const guesses = Array.from({ length: 1_000 }, (_, n) => String(n).padStart(6, '0')).filter(
    (code) => ![right, hers.code(), hers.code(2)].includes(code),
  );
  const reasons = new Map<string, number>();
  for (let at = 0; at < guesses.length; at += 400) {
    const responses = await Promise.all(
      guesses.slice(at, at + 400).map((code) => refusal(auth.secondFactor.mutate({ challenge, code }))),
    );
    for (const { reason } of responses.flatMap((data) => data ?? []))
      reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  expect(Object.fromEntries(reasons)).toEqual({ token_spent: 20, rate_limited: guesses.length - 20 });
  // Not even the right code works without a known device.
  expect(await refusal(auth.secondFactor.mutate({ challenge, code: right }))).toMatchObject({ reason: 'rate_limited' });
  await app.deps.attacks.settled();
  expect((await auditOf(fay)).filter(({ action }) => action === 'account.attacked')).toHaveLength(1);

  await auth.secondFactor.mutate({ challenge: await challengeOf(gus), code: his.code(1) });
  const known = await challengeOf(fay, fay.session.deviceToken);
  await auth.secondFactor.mutate({ challenge: known, code: right });
  const code = hers.recoveryCodes[0] ?? '';
  expect(await auth.secondFactor.mutate({ challenge, code })).toMatchObject({ id: fay.id });
});

test('known devices guess 120 times a day together, then they count as strangers do', async () => {
  const eli = await app.signUp('eli');
  const totp = await totpOf(app, eli);
  // Over many hours: 20 an hour each, and 60 together.
  for (let guess = 0; guess < 120; guess++) await app.deps.limits.isWithin('wrongCodeByDevicesInADay', eli.id);
  const stranger = await challengeOf(eli);
  for (let guess = 0; guess < 20; guess++) await refusal(auth.secondFactor.mutate({ challenge: stranger, code: '0' }));
  const challenge = await challengeOf(eli, eli.session.deviceToken);
  expect(await refusal(auth.secondFactor.mutate({ challenge, code: totp.code(1) }))).toMatchObject({
    reason: 'rate_limited',
  });
});

test('ten recovery codes work once each, however they are typed, and new ones replace them', async () => {
  const hal = await app.signUp('hal');
  const totp = await totpOf(app, hal);
  expect(new Set(totp.recoveryCodes).size).toBe(10);
  const [first = '', second = ''] = totp.recoveryCodes;
  expect(first).toMatch(/^(?:[a-z0-9]{4}-){3}[a-z0-9]{4}$/);
  const code = ` ${first.toUpperCase().replaceAll('-', ' ')}`;
  await auth.secondFactor.mutate({ challenge: await challengeOf(hal), code });
  const again = auth.secondFactor.mutate({ challenge: await challengeOf(hal), code: first });
  expect(await refusal(again)).toMatchObject(spent);
  expect(await hal.trpc.auth.secondFactors.query()).toMatchObject({ recoveryCodesLeft: 9 });
  const { recoveryCodes } = await hal.trpc.auth.renewRecoveryCodes.mutate();
  const old = auth.secondFactor.mutate({ challenge: await challengeOf(hal), code: second });
  expect(await refusal(old)).toMatchObject(spent);
  await auth.secondFactor.mutate({ challenge: await challengeOf(hal), code: recoveryCodes[9] ?? '' });
  // One challenge takes one of them, however many come at once.
  const challenge = await challengeOf(hal);
  const many = recoveryCodes.slice(0, 8).map((one) => auth.secondFactor.mutate({ challenge, code: one }));
  const responses = await Promise.allSettled(many);
  expect(responses.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(await hal.trpc.auth.secondFactors.query()).toMatchObject({ recoveryCodesLeft: 8 });
  expect((await auditOf(hal)).map(({ details }) => details)).toContainEqual(
    expect.objectContaining({ method: 'RecoveryCode' }),
  );
});

test('neither the secret nor a recovery code is stored in plain text', async () => {
  const ida = await app.signUp('ida');
  const { secret, recoveryCodes } = await totpOf(app, ida);
  const [{ text } = { text: '' }] = await app.database.query<{ text: string }>(
    `select (select string_agg(f::text, ' ') from totp_factors f) || (select string_agg(c::text, ' ') from recovery_codes c) as text`,
  );
  const raw = Buffer.from(Secret.fromBase32(secret).bytes).toString('hex');
  for (const hidden of [secret, raw, Buffer.from(secret).toString('hex'), recoveryCodes[0] ?? '?'])
    expect(text).not.toContain(hidden);
});

test('setup needs a recent sign-in and a first code; an unconfirmed app has no effect', async () => {
  const jo = await app.signUp('jo');
  const { secret, url } = await jo.trpc.auth.totpBegin.mutate();
  expect(url).toMatch(/^otpauth:\/\/totp\/Fechatter:jo%40example\.com\?.*issuer=Fechatter/);
  expect(await auth.signin.mutate(typed(jo))).toMatchObject({ id: jo.id });
  expect(await refusal(jo.trpc.auth.totpConfirm.mutate({ code: 'abc' }))).toMatchObject(spent);
  const code = TOTP.generate({ secret: Secret.fromBase32(secret) });
  await app.database.query(`update sessions set authenticated_at = now() - interval '11 minutes'`);
  const needed = { reason: 'reauthentication_needed' };
  expect(await refusal(jo.trpc.auth.totpConfirm.mutate({ code }))).toMatchObject(needed);
  expect(await refusal(jo.trpc.auth.totpBegin.mutate())).toMatchObject(needed);
  await jo.trpc.auth.reauthenticate.mutate({ currentPassword: jo.password });
  await jo.trpc.auth.totpConfirm.mutate({ code });
  expect(await refusal(jo.trpc.auth.totpBegin.mutate())).toMatchObject({ code: 'CONFLICT', reason: 'totp_on' });
  expect(await refusal(jo.trpc.auth.totpConfirm.mutate({ code }))).toMatchObject(spent);
});

test('an app that is not confirmed within ten minutes is discarded', async () => {
  const kai = await app.signUp('kai');
  const { secret } = await kai.trpc.auth.totpBegin.mutate();
  await app.database.query(`update totp_factors set created_at = now() - interval '11 minutes' where user_id = $1`, [
    kai.id,
  ]);
  const code = TOTP.generate({ secret: Secret.fromBase32(secret) });
  expect(await refusal(kai.trpc.auth.totpConfirm.mutate({ code }))).toMatchObject(spent);
});

test.each(['password', 'code', 'recovery code'] as const)(
  'the factor is removed with a %s, and not without',
  async (by) => {
    const lea = await app.signUp(`lea-${by.replace(' ', '-')}`);
    const totp = await totpOf(app, lea);
    const waiting = await challengeOf(lea);
    expect(await refusal(lea.trpc.auth.totpRemove.mutate({ currentPassword: 'a guess' }))).toMatchObject({
      reason: 'wrong_password',
    });
    expect(await refusal(lea.trpc.auth.totpRemove.mutate({ code: '000' }))).toMatchObject(spent);
    expect(await refusal(lea.trpc.auth.totpRemove.mutate({}))).toMatchObject({ reason: 'invalid_input' });
    const proofs = {
      password: { currentPassword: lea.password },
      code: { code: totp.code(1) },
      'recovery code': { code: totp.recoveryCodes[3] ?? '' },
    };
    await lea.trpc.auth.totpRemove.mutate(proofs[by]);
    expect(await auth.signin.mutate(typed(lea))).toMatchObject({ id: lea.id });
    expect(await refusal(auth.secondFactor.mutate({ challenge: waiting, code: totp.code(1) }))).toMatchObject(spent);
    expect(await lea.trpc.auth.secondFactors.query()).toEqual({ totpAddedAt: null, recoveryCodesLeft: 0 });
    expect(await refusal(lea.trpc.auth.totpRemove.mutate({ currentPassword: lea.password }))).toMatchObject({
      reason: 'second_factor_off',
    });
    expect(await refusal(lea.trpc.auth.renewRecoveryCodes.mutate())).toMatchObject({ reason: 'second_factor_off' });
  },
);

test('a code reauthenticates once, and at most 20 wrong ones an hour are accepted in a session', async () => {
  const max = await app.signUp('max');
  const totp = await totpOf(app, max);
  await app.database.query(`update sessions set authenticated_at = now() - interval '11 minutes'`);
  await max.trpc.auth.reauthenticate.mutate({ code: totp.code(1) });
  expect(await max.trpc.user.export.query()).toBeDefined();
  expect(await refusal(max.trpc.auth.reauthenticate.mutate({ code: totp.code(1) }))).toMatchObject(spent);
  await app.database.query(`update rate_limits set points = 20 where key like 'wrongCodeBySession:%'`);
  await app.database.query(`delete from rate_limits where key like 'passwordChange:%'`);
  const locked = max.trpc.auth.reauthenticate.mutate({ code: await totp.unusedCode() });
  expect(await refusal(locked)).toMatchObject({ reason: 'rate_limited' });
  await auth.secondFactor.mutate({ challenge: await challengeOf(max), code: await totp.unusedCode() });
});

test('a sign-in completed before the app was confirmed is valid, and one after it needs a code', async () => {
  const nia = await app.signUp('nia');
  const { secret } = await nia.trpc.auth.totpBegin.mutate();
  const code = TOTP.generate({ secret: Secret.fromBase32(secret) });
  const signins = Array.from({ length: 8 }, () => auth.signin.mutate(typed(nia)));
  const [, ...responses] = await Promise.allSettled([nia.trpc.auth.totpConfirm.mutate({ code }), ...signins]);
  for (const response of responses)
    if (response.status === 'rejected')
      expect(response.reason).toMatchObject({ data: { reason: 'second_factor_required' } });
  await challengeOf(nia);
});
