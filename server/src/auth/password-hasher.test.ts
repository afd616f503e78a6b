import { expect, test } from 'vitest';
import { createPasswordHasher } from './password-hasher.ts';

test('a password is that of its own hash alone, and every hash has its own salt', async () => {
  const hasher = await createPasswordHasher();
  const [first, second] = [await hasher.hash('secret'), await hasher.hash('secret')];
  expect(first).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(first).not.toBe(second);
  expect(await hasher.verify(first, 'secret')).toBe(true);
  expect(await hasher.verify(first, 'Secret')).toBe(false);
});

test('an account that does not exist costs as much as one that does', async () => {
  const hasher = await createPasswordHasher();
  const hash = await hasher.hash('secret');
  const timeMs = async (of: string | undefined) => {
    const startedAt = performance.now();
    expect(await hasher.verify(of, 'guess')).toBe(false);
    return performance.now() - startedAt;
  };
  const fastest = { known: Infinity, unknown: Infinity };
  for (let n = 0; n < 15; n++) {
    fastest.known = Math.min(fastest.known, await timeMs(hash));
    fastest.unknown = Math.min(fastest.unknown, await timeMs(undefined));
  }
  expect(fastest.unknown / fastest.known).toBeGreaterThan(0.6);
  expect(fastest.unknown / fastest.known).toBeLessThan(1.6);
});

test('who comes when enough are waiting is sent away; everyone else is served, and the places are free again', async () => {
  const hasher = await createPasswordHasher({ atOnceMax: 2, waitingMax: 3 });
  const all = () => Promise.allSettled(Array.from({ length: 8 }, () => hasher.verify(undefined, 'x')));
  for (const round of [1, 2]) {
    const settled = await all();
    expect(
      settled.filter(({ status }) => status === 'fulfilled'),
      `round ${round}`,
    ).toHaveLength(5);
    expect(settled.at(-1)).toMatchObject({ reason: { reason: 'rate_limited', retryAfterMs: 1_000 } });
  }
});
