import { expect, test } from 'vitest';
import { createRefreshTokens, type RefreshToken } from './refresh-token.ts';

const sessionId = '01a2030a-3d6e-76fe-8be1-04c78c93283e';
const place = '198.51.100.7 a browser';
const secret = 'a secret for tests, of more than 32 bytes';
const tokens = createRefreshTokens(secret);
const after = (first: RefreshToken, steps: number) => {
  let token = first;
  for (let step = 0; step < steps; step++) token = tokens.next(token, place);
  return token;
};

test('a token has its session and number, and is read in one form only', () => {
  const token = after(tokens.first(sessionId, place), 3);
  const text = tokens.encode(token);
  expect(tokens.decode(text)).toEqual({ sessionId, number: 3, secret: token.secret, copy: token.copy });
  for (const other of ['', `${text}A`, `${text}=`, ` ${text}`, text.slice(1), text.replace(/.$/, '!')])
    expect(tokens.decode(other)).toBe(undefined);
  expect(tokens.decode(tokens.encode({ ...token, number: 4_294_967_295 }))).toBe(undefined);
});

test('a chain leads from each of its tokens to every later one, at most 10,000 steps', () => {
  const first = tokens.first(sessionId, place);
  const last = after(first, 10_001);
  const hash = tokens.hash(last);
  expect(tokens.leadsTo(last, last.number, hash)).toBe(true);
  expect(tokens.leadsTo(tokens.next(first, place), last.number, hash)).toBe(true);
  expect(tokens.leadsTo(first, last.number, hash)).toBe(false);
  expect(tokens.leadsTo(after(first, 5), 3, tokens.hash(after(first, 3)))).toBe(false);
  expect(tokens.leadsTo({ ...first, number: 1 }, last.number, hash)).toBe(false);
  expect(tokens.leadsTo(tokens.first(sessionId, place), 10, hash)).toBe(false);
});

test('every server with the secret makes the same successor; others cannot', () => {
  const first = tokens.first(sessionId, place);
  expect(createRefreshTokens(secret).next(first, place)).toEqual(tokens.next(first, place));
  expect(createRefreshTokens(`${secret}!`).next(first, place).secret).not.toEqual(tokens.next(first, place).secret);
  expect(tokens.first(sessionId, place).secret).not.toEqual(first.secret);
});

test('a copy is bound to one network, is the same each time it is issued there, and shares the secret of all copies', () => {
  const first = tokens.first(sessionId, place);
  const [here, again, there] = [tokens.next(first, place), tokens.next(first, place), tokens.next(first, 'elsewhere')];
  expect(tokens.encode(again)).toBe(tokens.encode(here));
  expect(there.copy).not.toEqual(here.copy);
  expect(tokens.hash(there)).toEqual(tokens.hash(here));
});

test('a token that was not issued here is read as one of the earlier format', () => {
  const token = tokens.first(sessionId, place);
  const text = tokens.encode(token);
  const bytes = Buffer.from(text, 'base64url');
  for (let at = 16; at < bytes.length; at++) {
    const forged = Buffer.from(bytes);
    forged[at] = (forged[at] ?? 0) ^ 1;
    expect(tokens.decode(forged.toString('base64url'))?.copy, `byte ${at}`).toBe(null);
  }
  expect(createRefreshTokens(`${secret}!`).decode(text)).toEqual({ ...token, copy: null });
  const ofBefore = tokens.encode({ ...token, copy: null });
  expect(tokens.decode(ofBefore)).toEqual({ ...token, copy: null });
});
