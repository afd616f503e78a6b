import { testKeys } from '@fechatter/service-kit/testing';
import { decodeJwt, decodeProtectedHeader, importJWK, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, expect, test } from 'vitest';
import { refusal, signedIn, testServer } from '../testing/index.ts';

const app = await testServer();
afterAll(() => app[Symbol.asyncDispose]());
const alice = await app.signUp('alice');
const [key] = app.deps.config.auth.signingKeys;
if (key === undefined) throw new Error('no key');
const claims = decodeJwt(alice.session.token);
const header = { alg: 'EdDSA', kid: key.kid };
const sign = async (payload: JWTPayload, head: { alg: string; kid?: string } = header) =>
  new SignJWT(payload).setProtectedHeader(head).sign(await importJWK(key.jwk, 'EdDSA'));
const ask = (token: string) => refusal(signedIn(app.url, { token }).user.me.query());
const nowSeconds = Math.floor(Date.now() / 1_000);

test('a token has person, session, issuer and audience, and is valid for 15 minutes', () => {
  expect(decodeProtectedHeader(alice.session.token)).toEqual({ ...header, typ: 'JWT' });
  expect(claims).toMatchObject({ sub: alice.id, sid: expect.any(String), iss: 'fechatter', aud: 'fechatter' });
  expect(Number(claims.exp) - Number(claims.iat)).toBe(900);
});

test('the same claims signed by us are valid, so the following are refused for their own reason', async () => {
  const token = await sign(claims);
  expect(await signedIn(app.url, { token }).user.me.query()).toMatchObject({ id: alice.id });
});

test.each<[string, () => Promise<string> | string]>([
  ['by another key under our kid', async () => (await testKeys(key.kid)).sign(claims)],
  ['by an unknown key', async () => (await testKeys('unknown')).sign(claims)],
  ['without a kid', () => sign(claims, { alg: 'EdDSA' })],
  ['by nothing at all', () => new UnsecuredJWT(claims).encode()],
  [
    'with the public key as a shared secret',
    () =>
      new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: key.kid }).sign(Buffer.from(key.jwk.x, 'base64url')),
  ],
  ['for another audience', () => sign({ ...claims, aud: 'someone else' })],
  ['without an audience', () => sign({ ...claims, aud: undefined })],
  ['by another issuer', () => sign({ ...claims, iss: 'someone else' })],
  ['without an end', () => sign({ ...claims, exp: undefined })],
  ['with a subject that is no id', () => sign({ ...claims, sub: 'alice' })],
  [
    'with a changed claim',
    () => alice.session.token.replace(/\.[^.]+\./, `.${Buffer.from('{"sub":"x"}').toString('base64url')}.`),
  ],
  ['and cut short', () => alice.session.token.slice(0, -4)],
  ['in no form of a token', () => 'Bearer'],
])('a token %s is refused', async (_, made) => {
  expect(await ask(await made())).toMatchObject({ code: 'UNAUTHORIZED', reason: 'token_invalid' });
});

test('an expired token is refused as token_expired', async () => {
  const token = await sign({ ...claims, iat: nowSeconds - 1_000, exp: nowSeconds - 100 });
  expect(await ask(token)).toMatchObject({ code: 'UNAUTHORIZED', reason: 'token_expired' });
});

test('no header is not_signed_in; another scheme is token_invalid', async () => {
  expect(await refusal(app.anonymous.user.me.query())).toMatchObject({ code: 'UNAUTHORIZED', reason: 'not_signed_in' });
  const basic = app.client({ authorization: 'Basic YTpi' }).user.me.query();
  expect(await refusal(basic)).toMatchObject({ code: 'UNAUTHORIZED', reason: 'token_invalid' });
});

test('anyone may read the public keys, and no private one', async () => {
  const response = await fetch(`${app.url}/.well-known/jwks.json`);
  expect(await response.json()).toEqual({
    keys: [{ kid: key.kid, kty: 'OKP', crv: 'Ed25519', x: key.jwk.x, alg: 'EdDSA', use: 'sig' }],
  });
  expect(response.headers.get('cache-control')).toBe('public, max-age=60');
  expect(JSON.stringify(await app.database.query('select * from signing_keys'))).not.toContain(key.jwk.d);
});
