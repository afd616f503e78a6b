import { randomUUID } from 'node:crypto';
import { SignJWT, UnsecuredJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { testKeys } from '../testing/index.ts';
import { bearerOf } from './bearer.ts';
import { cachedKeys } from './cached-keys.ts';
import { createTokenVerifier } from './verifier.ts';

const keys = await testKeys();
const others = await testKeys('other-key');
const nowSeconds = () => Math.floor(Date.now() / 1_000);
const claims = (more = {}) => ({
  sub: randomUUID(),
  sid: randomUUID(),
  iss: 'fechatter',
  aud: 'fechatter',
  exp: nowSeconds() + 900,
  ...more,
});

function verifier({ remembered = 10, ageMs = (): number => 0 } = {}) {
  let loads = 0;
  const load = () => {
    loads++;
    return Promise.resolve([keys.published]);
  };
  const { verify } = createTokenVerifier({
    keys: cachedKeys(load),
    issuer: 'fechatter',
    audience: 'fechatter',
    remembered,
    nowMs: () => Date.now() + ageMs(),
  });
  return { verify: (token: string) => verify(token, '127.0.0.1'), loads: () => loads };
}

test('a valid token identifies the caller', async () => {
  const { verify } = verifier();
  const payload = claims();
  const token = await keys.sign(payload);
  const expected = { userId: payload.sub, sessionId: payload.sid, expiresAt: new Date(payload.exp * 1_000) };
  expect(await verify(token)).toEqual(expected);
  expect(await verify(token)).toEqual(expected);
});

describe('a token that is not ours is refused', async () => {
  const header = { alg: 'HS256', kid: keys.published.kid };
  const publicBytes = Buffer.from(String(keys.published.jwk.x), 'base64url');
  const good = await keys.sign(claims());
  const [head, body, signature = ''] = good.split('.');
  const forged = Buffer.from(JSON.stringify(claims())).toString('base64url');

  test.each([
    ['alg none', new UnsecuredJWT(claims()).encode()],
    ['alg none with our kid', `${Buffer.from('{"alg":"none","kid":"test-key"}').toString('base64url')}.${body}.`],
    ['HS256 with the public key', await new SignJWT(claims()).setProtectedHeader(header).sign(publicBytes)],
    ['another kid', await keys.sign(claims(), { kid: 'unknown' })],
    ['no kid', await keys.sign(claims(), { kid: undefined as never })],
    ['our kid, another key', await others.sign(claims(), { kid: keys.published.kid })],
    ['another payload', `${head}.${forged}.${signature}`],
    ['another signature', `${head}.${body}.${signature.slice(0, -4)}AAAA`],
    ['no signature', `${head}.${body}.`],
    ['a key in its header', await others.sign(claims(), { kid: 'x', jwk: others.published.jwk })],
    ['another audience', await keys.sign(claims({ aud: 'elsewhere' }))],
    ['no audience', await keys.sign(claims({ aud: undefined }))],
    ['another issuer', await keys.sign(claims({ iss: 'elsewhere' }))],
    ['no expiry', await keys.sign(claims({ exp: undefined }))],
    ['no subject', await keys.sign(claims({ sub: undefined }))],
    ['a subject that is no UUID', await keys.sign(claims({ sub: "' or 1=1" }))],
    ['no session', await keys.sign(claims({ sid: undefined }))],
    ['a session that is no UUID', await keys.sign(claims({ sid: 7 }))],
    ['not before tomorrow', await keys.sign(claims({ nbf: nowSeconds() + 86_400 }))],
    ['nothing', ''],
    ['dots', '..'],
    ['noise', 'a.b.c'],
  ])('%s', async (_, token) => {
    await expect(verifier().verify(token)).rejects.toMatchObject({ reason: 'token_invalid', code: 'UNAUTHORIZED' });
  });
});

test('a token expires with a minute of leeway, remembered or not', async () => {
  const payload = claims({ exp: nowSeconds() + 10 });
  const token = await keys.sign(payload);
  for (const remembered of [0, 10]) {
    let ageMs = 0;
    const { verify } = verifier({ remembered, ageMs: () => ageMs });
    await verify(token);
    ageMs = 65_000;
    await expect(verify(token)).resolves.toMatchObject({ userId: payload.sub });
    ageMs = 72_000;
    await expect(verify(token)).rejects.toMatchObject({ reason: 'token_expired' });
    await expect(verify(token)).rejects.toMatchObject({ reason: 'token_expired' });
  }
});

test('a cached token is not verified again, and the cache is bounded', async () => {
  const { verify } = verifier({ remembered: 2 });
  const [a, b, c] = [await keys.sign(claims()), await keys.sign(claims()), await keys.sign(claims())];
  const first = await verify(a);
  const second = await verify(b);
  expect(await verify(a)).toBe(first);
  await verify(c);
  expect(await verify(a)).toBe(first);
  expect(await verify(b)).not.toBe(second);
});

test('a failure to read keys is not reported as a bad token', async () => {
  const keysAway = cachedKeys(() => Promise.reject(new Error('no database')));
  const { verify } = createTokenVerifier({ keys: keysAway, issuer: 'fechatter', audience: 'fechatter' });
  await expect(verify(await keys.sign(claims()), '127.0.0.1')).rejects.toThrow('no database');
});

describe('cachedKeys', () => {
  test('an unknown kid causes a read, once in ten seconds and once for concurrent callers', async () => {
    let nowMs = 0;
    let loads = 0;
    const published = [keys.published];
    const load = () => Promise.resolve([...published]).finally(() => loads++);
    const source = cachedKeys(load, { nowMs: () => nowMs });
    await source.load();
    published.push(others.published);
    await Promise.all(['other-key', 'x', 'y'].map((kid) => source.get(kid)));
    expect(loads).toBe(1);
    nowMs = 10_000;
    const found = await Promise.all([source.get('other-key'), source.get('other-key'), source.get('z')]);
    expect(found).toEqual([others.published.jwk, others.published.jwk, undefined]);
    expect(loads).toBe(2);
    expect(await source.get('made-up')).toBeUndefined();
    expect(loads).toBe(2);
  });

  test('a repeated read keeps the same object for the same key, so that it is imported once', async () => {
    let nowMs = 0;
    const source = cachedKeys(() => Promise.resolve([structuredClone(keys.published)]), { nowMs: () => nowMs });
    const before = await source.get('test-key');
    nowMs = 20_000;
    await source.get('unknown');
    expect(await source.get('test-key')).toBe(before);
  });

  test('a failed first read is retried by the next caller', async () => {
    let isAway = true;
    const source = cachedKeys(() => (isAway ? Promise.reject(new Error('away')) : Promise.resolve([keys.published])));
    await expect(source.get('test-key')).rejects.toThrow('away');
    isAway = false;
    expect(await source.get('test-key')).toBe(keys.published.jwk);
  });

  test('known keys stay usable while reading fails', async () => {
    let nowMs = 0;
    let isAway = false;
    const load = () => (isAway ? Promise.reject(new Error('away')) : Promise.resolve([keys.published]));
    const source = cachedKeys(load, { nowMs: () => nowMs });
    await source.load();
    [isAway, nowMs] = [true, 10_000];
    await expect(source.get('unknown')).rejects.toThrow('away');
    expect(await source.get('test-key')).toBe(keys.published.jwk);
  });
});

describe('bearerOf', () => {
  test.each([
    ['Bearer abc.def-_~+/==', 'abc.def-_~+/=='],
    ['bearer   abc  ', 'abc'],
    [undefined, undefined],
    [null, undefined],
    ['', undefined],
    ['Bearer', undefined],
    ['Bearer a b', undefined],
    ['Bearer ü', undefined],
    ['Basic YTpi', undefined],
    [`Bearer ${'a'.repeat(5_000)}`, undefined],
  ])('%s', (header, token) => {
    expect(bearerOf(header)).toBe(token);
  });
});
