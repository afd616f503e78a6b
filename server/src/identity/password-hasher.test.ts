import { hash } from '@node-rs/argon2';
import { expect, test } from 'vitest';
import { strangersLane } from './hash-lane.ts';
import { createPasswordHasher } from './password-hasher.ts';

const lane = strangersLane('203.0.113.1');

test('a password matches only its own hash, and every hash has its own salt', async () => {
  const hasher = await createPasswordHasher();
  const [first, second] = [await hasher.hash('secret', lane), await hasher.hash('secret', lane)];
  expect(first).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(first).not.toBe(second);
  expect(await hasher.verify(first, 'secret', lane)).toBe(true);
  expect(await hasher.verify(first, 'Secret', lane)).toBe(false);
});

test('an account that does not exist takes as long as one that does', async () => {
  const hasher = await createPasswordHasher();
  const hash = await hasher.hash('secret', lane);
  const spent = { known: 0, unknown: 0 };
  const guess = async (of: 'known' | 'unknown') => {
    const before = process.cpuUsage();
    expect(await hasher.verify(of === 'known' ? hash : undefined, 'guess', lane)).toBe(false);
    const { user, system } = process.cpuUsage(before);
    spent[of] += user + system;
  };
  // The processor's time, of all threads: what else runs on the machine does not count.
  for (let n = 0; n < 15; n++) for (const of of ['known', 'unknown'] as const) await guess(of);
  expect(spent.unknown / spent.known).toBeGreaterThan(0.5);
  expect(spent.unknown / spent.known).toBeLessThan(2);
});

test('callers beyond the queue’s limit are refused; all others are served, and the queue is empty again', async () => {
  const hasher = await createPasswordHasher({ atOnceMax: 2, waitingMax: 3 });
  const all = () => Promise.allSettled(Array.from({ length: 8 }, () => hasher.verify(undefined, 'x', lane)));
  for (const round of [1, 2]) {
    const settled = await all();
    expect(
      settled.filter(({ status }) => status === 'fulfilled'),
      `round ${round}`,
    ).toHaveLength(5);
    expect(settled.at(-1)).toMatchObject({ reason: { reason: 'rate_limited', retryAfterMs: 1_000 } });
  }
});

const composed = 'pässwörd №1';
const decomposed = composed.normalize('NFD');

test('a password is the same however its letters are composed', async () => {
  const passwords = await createPasswordHasher();
  for (const chosen of [composed, decomposed]) {
    const stored = await passwords.hash(chosen, lane);
    for (const typed of [composed, decomposed, composed.normalize('NFKC'), composed.normalize('NFKD')])
      expect(await passwords.verify(stored, typed, lane)).toBe(true);
    expect(await passwords.verify(stored, 'passwörd №1', lane)).toBe(false);
  }
});

test.each([composed, decomposed])('a hash from before passwords were normalised stays valid: %j', async (chosen) => {
  const passwords = await createPasswordHasher();
  const stored = await hash(chosen);
  for (const typed of [composed, decomposed]) expect(await passwords.verify(stored, typed, lane)).toBe(true);
  expect(await passwords.verify(stored, 'passwörd №1', lane)).toBe(false);
  expect(await passwords.verify(undefined, chosen, lane)).toBe(false);
});
