import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { createApiKeys, type StoredKey } from './api-keys.ts';
import { hashOfToken } from './hash-of-token.ts';
import { idOfKey, newKeyText } from './key-text.ts';

const sessionId = '019a0b1c-2d3e-7000-8000-0123456789ab';
const HERE = '192.0.2.1';
const botId = '019a0b1c-2d3e-7000-8000-0123456789ac';

/** Keys over a table of one row, with a clock that does not run. */
function oneKey() {
  const token = newKeyText('fck', sessionId);
  const state = { lookUps: 0, nowMs: 0, stored: undefined as StoredKey | undefined };
  state.stored = { botId, tokenHash: hashOfToken(token), scopes: ['read'] };
  const keys = createApiKeys({
    nowMs: () => state.nowMs,
    find: async (id) => {
      state.lookUps += 1;
      return id === sessionId ? state.stored : undefined;
    },
  });
  return { token, state, keys };
}

test('a look-up is remembered for a minute from its beginning, and no longer', async () => {
  const { token, state, keys } = oneKey();
  expect(await keys.verify(token, HERE)).toEqual({ userId: botId, sessionId, scopes: ['read'] });
  state.nowMs = 59_999;
  state.stored = undefined;
  expect(await keys.verify(token, HERE)).toMatchObject({ userId: botId });
  expect(state.lookUps).toBe(1);
  state.nowMs = 60_000;
  await expect(keys.verify(token, HERE)).rejects.toMatchObject({ reason: 'token_invalid' });
  expect(state.lookUps).toBe(2);
});

test('another secret for the same id is refused, and so is what no look-up can find', async () => {
  const { token, state, keys } = oneKey();
  await keys.verify(token, HERE);
  await expect(keys.verify(newKeyText('fck', sessionId), HERE)).rejects.toMatchObject({ reason: 'token_invalid' });
  await expect(keys.verify(newKeyText('fck', botId), HERE)).rejects.toMatchObject({ reason: 'token_invalid' });
  expect(state.lookUps).toBe(3);
  await expect(keys.verify(`${token}x`, HERE)).rejects.toMatchObject({ reason: 'token_invalid' });
  expect(state.lookUps).toBe(3);
});

test('an address looks up 300 wrong keys a minute, an IPv6 one together with its /64', async () => {
  const { state, keys } = oneKey();
  const wrong = (address: string) => keys.verify(newKeyText('fck', botId), address);
  for (let tried = 0; tried < 300; tried += 1)
    await expect(wrong('2001:db8::1')).rejects.toMatchObject({ reason: 'token_invalid' });
  await expect(wrong('2001:db8::2')).rejects.toMatchObject({ reason: 'rate_limited', retryAfterMs: 200 });
  expect(state.lookUps).toBe(300);
});

test('a key that is remembered is good from an address that guesses too much', async () => {
  const { token, keys } = oneKey();
  await keys.verify(token, HERE);
  const wrong = () => keys.verify(newKeyText('fck', botId), HERE);
  await Promise.allSettled(Array.from({ length: 300 }, wrong));
  await expect(wrong()).rejects.toMatchObject({ reason: 'rate_limited' });
  expect(await keys.verify(token, HERE)).toMatchObject({ userId: botId });
});

test('a look-up that finds a key is not counted', async () => {
  const tokens = Array.from({ length: 301 }, () => newKeyText('fck', randomUUID()));
  const hashes = new Map(tokens.map((token) => [idOfKey('fck', token), hashOfToken(token)]));
  const keys = createApiKeys({
    nowMs: () => 0,
    find: async (id) => ({ botId, tokenHash: hashes.get(id) ?? Buffer.alloc(32), scopes: [] }),
  });
  for (const token of tokens) expect(await keys.verify(token, HERE)).toMatchObject({ userId: botId });
});

test('calls with the same key at the same time wait for one look-up, also if it fails', async () => {
  const { token, state, keys } = oneKey();
  const atOnce = () => Promise.allSettled(Array.from({ length: 10 }, () => keys.verify(token, HERE)));
  expect((await atOnce()).map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 'fulfilled'));
  expect(state.lookUps).toBe(1);
  state.nowMs = 60_000;
  state.stored = undefined;
  expect((await atOnce()).map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 'rejected'));
  expect(state.lookUps).toBe(2);
  await expect(keys.verify(token, HERE)).rejects.toMatchObject({ reason: 'token_invalid' });
  expect(state.lookUps).toBe(3);
});
