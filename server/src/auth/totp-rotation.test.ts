import { rotateKeys } from '@fechatter/drizzle';
import { expect, test } from 'vitest';
import { refusal, testServer, totpOf } from '../testing/index.ts';

test('secrets are re-encrypted with the new key, and the old one is kept while any needs it', async () => {
  await using app = await testServer({ FECHATTER_LIMITS_SIGNINS_PER_MINUTE: '0' });
  const ada = await app.signUp('ada');
  const totp = await totpOf(app, ada);
  const old = app.deps.config.encryption.keys.map(({ id, key }) => ({ id, key: Buffer.from(key) }));
  const next = { id: 7, key: Buffer.alloc(32, 7) };
  // A rotation that does not have the old key can replace nothing.
  expect(await rotateKeys(app.deps.db.pool, [next])).toMatchObject({ retired: [], inUse: [old[0]?.id] });
  expect(await rotateKeys(app.deps.db.pool, [next, ...old])).toMatchObject({ retired: [old[0]?.id], inUse: [] });
  const ring = [
    { id: 7, key: next.key.toString('base64') },
    ...app.deps.config.encryption.keys.map(({ id, key }) => ({ id, key: Buffer.from(key).toString('base64') })),
  ];
  await using renewed = await app.another({
    FECHATTER_ENCRYPTION_KEYS: ring.map(({ id, key }) => `${id}:${key}`).join(','),
  });
  const { auth } = renewed.anonymous;
  const refused = await refusal(auth.signin.mutate({ email: ada.email, password: ada.password }));
  const code = totp.code(1);
  expect(await auth.secondFactor.mutate({ challenge: refused?.challenge ?? '', code })).toMatchObject({ id: ada.id });
});
