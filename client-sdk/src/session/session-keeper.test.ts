import { expect, test } from 'vitest';
import type { Session } from '../wire.ts';
import { SessionKeeper } from './session-keeper.ts';
import { memoryStorage } from './session-storage.ts';

const sessionOf = (number: number): Session => ({
  id: 'alice',
  email: 'alice@example.com',
  fullName: 'Alice',
  token: `head.${btoa(JSON.stringify({ iat: 0, exp: 900, number }))}.signature`,
  refreshToken: `refresh ${number}`,
  deviceToken: 'a device',
  expiresAt: new Date(Date.now() + 900_000),
});

test('a service that refuses every token causes no loop of refreshes', async () => {
  let exchanges = 0;
  const keeper = new SessionKeeper({
    storage: memoryStorage(),
    exchange: () => Promise.resolve(sessionOf(++exchanges)),
    endOf: () => undefined,
    report: () => {},
  });
  await keeper.adopt(sessionOf(0));
  const refused = async () => keeper.refreshRefused((await keeper.token()) ?? '');
  expect((await refused()).refreshToken).toBe('refresh 1');
  for (let tries = 0; tries < 20; tries++) await expect(refused()).rejects.toThrow('a clock or a key');
  expect(exchanges).toBe(1);
  // The session lives on: another service may be right.
  expect(keeper.current?.refreshToken).toBe('refresh 1');
});
