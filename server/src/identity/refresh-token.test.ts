import { expect, test } from 'vitest';
import { createRefreshTokens, type RefreshToken } from './refresh-token.ts';

const sessionId = '01a2030a-3d6e-76fe-8be1-04c78c93283e';
const secret = 'a secret for tests, of more than 32 bytes';
const tokens = createRefreshTokens(secret);
const after = (first: RefreshToken, steps: number) => {
  let token = first;
  for (let step = 0; step < steps; step++) token = tokens.next(token);
  return token;
};

test('a token says its session and number, and is read in its one form only', () => {
  const token = after(tokens.first(sessionId), 3);
  const text = tokens.encode(token);
  expect(tokens.decode(text)).toEqual({ sessionId, number: 3, secret: token.secret });
  for (const other of ['', `${text}A`, `${text}=`, ` ${text}`, text.slice(1), text.replace(/.$/, '!')])
    expect(tokens.decode(other)).toBe(undefined);
  expect(tokens.decode(tokens.encode({ ...token, number: 4_294_967_295 }))).toBe(undefined);
});

test('a chain leads from each of its tokens to every later one, at most 10,000 steps', () => {
  const first = tokens.first(sessionId);
  const last = after(first, 10_001);
  const hash = tokens.hash(last);
  expect(tokens.leadsTo(last, last.number, hash)).toBe(true);
  expect(tokens.leadsTo(tokens.next(first), last.number, hash)).toBe(true);
  expect(tokens.leadsTo(first, last.number, hash)).toBe(false);
  expect(tokens.leadsTo(after(first, 5), 3, tokens.hash(after(first, 3)))).toBe(false);
  expect(tokens.leadsTo({ ...first, number: 1 }, last.number, hash)).toBe(false);
  expect(tokens.leadsTo(tokens.first(sessionId), 10, hash)).toBe(false);
});

test('every server with the secret makes the same successor; without it nobody does', () => {
  const first = tokens.first(sessionId);
  expect(createRefreshTokens(secret).next(first)).toEqual(tokens.next(first));
  expect(createRefreshTokens(`${secret}!`).next(first).secret).not.toEqual(tokens.next(first).secret);
  expect(tokens.first(sessionId).secret).not.toEqual(first.secret);
});
