import { openDatabase } from '@fechatter/drizzle';
import { testDatabase } from '@fechatter/drizzle/testing';
import { testConfig } from '@fechatter/service-kit/testing';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { generateKeyPairSync } from 'node:crypto';
import { afterAll, expect, test } from 'vitest';
import { createTokenSigner } from './token-signer.ts';

const database = await testDatabase();
const db = openDatabase(database);
afterAll(async () => {
  await db.close();
  await database[Symbol.asyncDispose]();
});

const jwk = (kid: string) => ({ ...generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }), kid });
const [old, fresh] = [jwk('old'), jwk('fresh')];
const config = (...keys: object[]) => testConfig('server', { FECHATTER_AUTH_SIGNING_KEYS: JSON.stringify(keys) });
const who = { userId: 'u', sessionId: 's', sessionEndsAt: new Date(Date.now() + 3_600_000) };

test('the first key signs at once; a newer one from 60 s after its publication', async () => {
  const kidOf = async (signer: Awaited<ReturnType<typeof createTokenSigner>>) =>
    decodeProtectedHeader((await signer.sign(who)).token).kid;
  expect(await kidOf(await createTokenSigner(config(old), db))).toBe('old');

  let nowMs = 0;
  const both = await createTokenSigner(config(fresh, old), db, () => nowMs);
  expect(await kidOf(both)).toBe('old');
  nowMs = 59_000;
  expect(await kidOf(both)).toBe('old');
  nowMs = 61_000;
  expect(await kidOf(both)).toBe('fresh');

  await database.query(`update signing_keys set created_at = created_at - interval '61 s'`);
  expect(await kidOf(await createTokenSigner(config(fresh, old), db))).toBe('fresh');
  const published = await database.query('select kid, public_jwk from signing_keys order by kid');
  expect(published).toMatchObject([
    { kid: 'fresh' },
    { kid: 'old', public_jwk: { crv: 'Ed25519', kty: 'OKP', x: old.x } },
  ]);
  expect(JSON.stringify(published)).not.toContain('"d"');
});

test('no token outlives its session', async () => {
  const signer = await createTokenSigner(config(old), db);
  const sessionEndsAt = new Date(Date.now() + 100_000);
  const { token, expiresAt } = await signer.sign({ ...who, sessionEndsAt });
  expect(expiresAt.getTime()).toBe(Math.floor(sessionEndsAt.getTime() / 1_000) * 1_000);
  expect(decodeJwt(token).exp).toBe(expiresAt.getTime() / 1_000);
});
