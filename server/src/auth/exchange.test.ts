import { type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, describe, expect, test } from 'vitest';
import { APP, testIssuers } from '../testing/issuers.ts';
import { refusal, signedIn, testServer } from '../testing/index.ts';

const issuers = await testIssuers();
const app = await testServer({ FECHATTER_AUTH_ISSUERS: issuers.setting, FECHATTER_AUTH_SIGNUP_MODE: 'closed' });
const { auth } = app.anonymous;
afterAll(async () => {
  await app[Symbol.asyncDispose]();
  await issuers[Symbol.asyncDispose]();
});
const seconds = () => Math.floor(Date.now() / 1_000);
const exchange = async (claims: JWTPayload = {}) => auth.exchange.mutate({ token: await issuers.token(claims) });
const reasonFor = async (token: string) => (await refusal(auth.exchange.mutate({ token })))?.reason;

test('a person of the app is created at the first exchange, and found by issuer and subject afterwards', async () => {
  const claims = { sub: 'grace', name: 'Grace', picture: 'https://example.com/g.png', email: 'grace@example.com' };
  const first = await exchange(claims);
  expect(first).toMatchObject({ fullName: 'Grace', email: 'grace@example.com' });
  const again = await exchange({ ...claims, name: 'Another', email: 'other@example.com' });
  expect(again).toMatchObject({ id: first.id, fullName: 'Grace', email: 'grace@example.com' });
  const me = await signedIn(app.url, again).user.me.query();
  expect(me).toMatchObject({ avatarUrl: 'https://example.com/g.png', emailVerifiedAt: null, status: 'Active' });
  expect(await app.anonymous.auth.refresh.mutate({ refreshToken: first.refreshToken })).toMatchObject({ id: first.id });
  const audit = await app.database.query(`select action from audit_log where user_id = $1 order by id`, [first.id]);
  expect(audit).toEqual([
    { action: 'account.brought' },
    { action: 'account.signedIn' },
    { action: 'account.signedIn' },
  ]);
  const lines = (await signedIn(app.url, again).user.export.query()).lines;
  expect(lines).toContainEqual(expect.objectContaining({ type: 'identity', issuer: APP, subject: 'grace' }));
});

test('two concurrent first exchanges create one person', async () => {
  const both = await Promise.all([exchange({ sub: 'twin' }), exchange({ sub: 'twin' })]);
  expect(both[0].id).toBe(both[1].id);
});

test('an issuer that shares a secret, and claims of other names', async () => {
  const seven = await auth.exchange.mutate({ token: await issuers.shared() });
  expect(seven).toMatchObject({ fullName: 'Seven', email: null });
  // The same subject of another issuer is another person.
  expect((await exchange({ sub: '7' })).id).not.toBe(seven.id);
  // JSON cannot distinguish these two, so neither identifies a person.
  for (const user_id of [2 ** 53, 2 ** 53 + 2, 7.5])
    expect(await reasonFor(await issuers.shared({ user_id }))).toBe('token_invalid');
});

test('an address claim leads to no account, and takes no address from another person', async () => {
  await using open = await app.another({ FECHATTER_AUTH_SIGNUP_MODE: 'open' });
  const owner = await open.signUp('owner');
  const other = await exchange({ sub: 'thief', email: 'OWNER@example.com' });
  expect([other.id === owner.id, other.email]).toEqual([false, null]);
  // A token's address is not verified: a person who signs up with it gets it.
  await exchange({ sub: 'claims', email: 'late@example.com' });
  const late = await open.signUp('late');
  expect(await open.anonymous.auth.signin.mutate({ email: late.email, password: late.password })).toMatchObject({
    id: late.id,
  });
  expect(await refusal(signedIn(app.url, other).auth.requestVerification.mutate())).toMatchObject({
    reason: 'mail_off',
  });
  await using mailing = await app.another({ FECHATTER_MAIL_VIA: 'files' });
  expect(await refusal(signedIn(mailing.url, other).auth.requestVerification.mutate())).toMatchObject({
    reason: 'email_missing',
  });
});

describe('where a mail host could tell the owner of an address', () => {
  test('the response does not depend on whether the address has an account', async () => {
    await using mailed = await app.another({
      FECHATTER_AUTH_SIGNUP_MODE: 'open',
      FECHATTER_MAIL_VIA: 'smtp',
      FECHATTER_MAIL_HOST: '127.0.0.1',
      FECHATTER_MAIL_FROM: 'chat@example.com',
      FECHATTER_SERVER_WEB_URL: 'https://chat.example.com',
    });
    await using plain = await app.another({ FECHATTER_AUTH_SIGNUP_MODE: 'open' });
    const held = await plain.signUp('held');
    const shown = async (sub: string, email: string) =>
      (await mailed.anonymous.auth.exchange.mutate({ token: await issuers.token({ sub, email }) })).email;
    expect([await shown('a', held.email), await shown('b', 'free@example.com')]).toEqual([
      held.email,
      'free@example.com',
    ]);
    expect(await plain.anonymous.auth.signin.mutate({ email: held.email, password: held.password })).toMatchObject({
      id: held.id,
    });
  });
});

describe('refused', () => {
  test('a used token, in any spelling, on any server, also concurrently', async () => {
    const token = await issuers.token({ sub: 'once' });
    const both = await Promise.allSettled([auth.exchange.mutate({ token }), auth.exchange.mutate({ token })]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    await using other = await app.another();
    expect(await refusal(other.anonymous.auth.exchange.mutate({ token }))).toMatchObject({ reason: 'token_invalid' });
    // The last character of a 64-byte signature has four unused bits.
    const last = token.at(-1) === 'A' ? 'B' : 'A';
    expect(await reasonFor(`${token.slice(0, -1)}${last}`)).toBe('token_invalid');
  });

  test.each<[string, () => JWTPayload, string]>([
    ['for another deployment', () => ({ aud: 'chat.elsewhere.com' }), 'token_invalid'],
    ['without an audience', () => ({ aud: undefined }), 'token_invalid'],
    ['of an issuer that is not trusted', () => ({ iss: 'https://evil.example.com' }), 'token_invalid'],
    ['of another issuer than its key', () => ({ iss: 'shared', user_id: 1 }), 'token_invalid'],
    ['without an end', () => ({ exp: undefined }), 'token_invalid'],
    ['for longer than a day', () => ({ exp: seconds() + 86_400 + 120 }), 'token_invalid'],
    ['that has expired', () => ({ exp: seconds() - 65 }), 'token_expired'],
    ['that is not valid yet', () => ({ nbf: seconds() + 65 }), 'token_invalid'],
    ['without a subject', () => ({ sub: undefined }), 'token_invalid'],
    ['with an empty subject', () => ({ sub: '' }), 'token_invalid'],
    ['with a subject that cannot be stored', () => ({ sub: 'a\0' }), 'token_invalid'],
    ['with a subject that is too long', () => ({ sub: 'a'.repeat(256) }), 'token_invalid'],
    ['with a subject that is no text', () => ({ sub: ['ada'] as never }), 'token_invalid'],
    ['of a new person without a name', () => ({ sub: 'nameless', name: ' ' }), 'token_invalid'],
  ])('a token %s', async (_, claims, reason) => {
    expect(await reasonFor(await issuers.token(claims()))).toBe(reason);
  });

  test('not refused: a minute of skew in either direction', async () => {
    expect(await exchange({ sub: 'skew', exp: seconds() - 50 })).toMatchObject({ fullName: 'Ada' });
    expect(await exchange({ sub: 'skew', nbf: seconds() + 50 })).toMatchObject({ fullName: 'Ada' });
  });

  test('forged tokens: unsigned, by a key that only its header names, by a public key as a secret, by a wrong secret', async () => {
    const claims = { iss: APP, aud: 'chat.example.com', sub: 'ada', name: 'Ada', exp: seconds() + 60 };
    const bytes = (text: string) => new TextEncoder().encode(text);
    const hmac = (payload: JWTPayload, secret: string, header = {}) =>
      new SignJWT(payload).setProtectedHeader({ alg: 'HS256', ...header }).sign(bytes(secret));
    const shared = { ...claims, iss: 'shared', user_id: 1, display_name: 'One' };
    const jwks = JSON.stringify(issuers.setting);
    const forged = [
      new UnsecuredJWT(claims).encode(),
      await hmac(claims, jwks, { kid: 'one' }),
      await hmac(claims, 'x'.repeat(32), { jku: 'https://evil.example.com/jwks', kid: 'one' }),
      await hmac(shared, 'another secret of thirty-two bytes and more'),
      await issuers.token({}, { kid: 'two' }),
      'not.a.token',
      'x',
      '\0',
    ];
    for (const token of forged) expect(await reasonFor(token), token).toBe('token_invalid');
    // A session's own token is from this deployment, and is not accepted.
    expect(await reasonFor((await exchange({ sub: 'own' })).token)).toBe('token_invalid');
  });

  test('a suspended person, until they are reinstated', async () => {
    const { id } = await exchange({ sub: 'sue' });
    await app.database.query(`update users set status = 'Suspended' where id = $1`, [id]);
    expect(await reasonFor(await issuers.token({ sub: 'sue' }))).toBe('account_suspended');
    await app.database.query(`update users set status = 'Active' where id = $1`, [id]);
    expect(await exchange({ sub: 'sue' })).toMatchObject({ id });
  });

  test('every token for a while, as the issuer’s fault, if its keys cannot be read', async () => {
    await using broken = await testIssuers();
    broken.break();
    await using other = await app.another({ FECHATTER_AUTH_ISSUERS: broken.setting });
    const token = await broken.token();
    expect(await refusal(other.anonymous.auth.exchange.mutate({ token }))).toMatchObject({
      reason: 'issuer_unavailable',
      code: 'SERVICE_UNAVAILABLE',
    });
  });
});
