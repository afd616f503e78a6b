import { expect, describe, test } from 'vitest';
import type { Environment } from '../config/given.ts';
import { listening, testShell } from '../testing/index.ts';

async function addressSeen(env: Environment, forwarded?: string) {
  const { app, config } = testShell({ env });
  await using service = await listening(app, config);
  const response = await fetch(`${service.url}/hello`, {
    ...(forwarded && { headers: { 'x-forwarded-for': forwarded } }),
  });
  return ((await response.json()) as { address: string }).address;
}

describe('the address of the caller', () => {
  const trusting = { FECHATTER_SERVER_TRUSTED_PROXIES: '127.0.0.0/8,10.0.0.0/8,2001:db8::/32' };

  test.each([
    [{}, '1.2.3.4', '127.0.0.1'],
    [trusting, undefined, '127.0.0.1'],
    [trusting, '1.2.3.4', '1.2.3.4'],
    [trusting, '6.6.6.6, 1.2.3.4', '1.2.3.4'],
    [trusting, '6.6.6.6, 1.2.3.4, 10.1.1.1', '1.2.3.4'],
    [trusting, '6.6.6.6, 1.2.3.4:5678, [2001:db8::7]:80', '1.2.3.4'],
    [trusting, '::ffff:1.2.3.4', '1.2.3.4'],
    [trusting, '0:0:0:0:0:FFFF:102:304', '1.2.3.4'],
    [trusting, '[::ffff:102:304]:80', '1.2.3.4'],
    [trusting, '1.2.3.4, garbage, 10.1.1.1', '10.1.1.1'],
    [trusting, '10.1.1.1, 10.1.1.2', '10.1.1.1'],
    [trusting, '2001:dead::1', '2001:dead::1'],
  ])('%o %s: %s', async (env, forwarded, address) => {
    expect(await addressSeen(env, forwarded)).toBe(address);
  });
});
