import { generateKeyPairSync } from 'node:crypto';
import { calculateJwkThumbprint, type JWK } from 'jose';
import { describe, expect, test } from 'vitest';
import { testConfig } from '../testing/index.ts';
import { configFolder } from '../testing/test-config-folder.ts';

const { fileWith, problemsOf, problemsWith } = configFolder();
const ed25519 = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
const signingKeysOf = (keys: string) => testConfig('server', { FECHATTER_AUTH_SIGNING_KEYS: keys }).auth.signingKeys;
const keyIdsOf = (keys: string) =>
  testConfig('notify', { FECHATTER_ENCRYPTION_KEYS: keys }).encryption.keys.map(({ id }) => id);

describe('secrets', () => {
  const shortSecret = 'hunter2-hunter2';

  test.each([
    { FECHATTER_AUTH_SECRET: shortSecret },
    { FECHATTER_AUTH_SIGNING_KEYS: shortSecret },
    { FECHATTER_AUTH_SIGNING_KEYS: `{"kty":"OKP","crv":"Ed25519","d":"${shortSecret}"}` },
    { FECHATTER_ENCRYPTION_KEYS: `1:${shortSecret}` },
    { FECHATTER_DATABASE_URL: `mysql://${shortSecret}@h/d` },
    { FECHATTER_CONFIG: fileWith(`auth:\n  secret: ${shortSecret}\n`), FECHATTER_AUTH_SECRET: '' },
    { FECHATTER_CONFIG: fileWith(`auth:\n  secret: "${shortSecret}\n`), FECHATTER_AUTH_SECRET: '' },
  ])('are not echoed: %o', (env) => {
    const problems = problemsWith(env);
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.join('\n')).not.toContain('hunter2');
  });

  test('can be read from files', () => {
    const secret = 's'.repeat(40);
    const file = fileWith(`${secret}\n`, 'secret');
    expect(testConfig('server', { FECHATTER_AUTH_SECRET: '', FECHATTER_AUTH_SECRET_FILE: file }).auth.secret).toBe(
      secret,
    );
  });

  test('that sign are never given to notify', () => {
    const config = testConfig('notify', { FECHATTER_CONFIG: fileWith(`auth: { secret: ${'x'.repeat(40)} }`) });
    expect(Object.keys(config.auth).sort()).toEqual([
      'accessTokenSeconds',
      'audience',
      'issuer',
      'passkeys',
      'refreshTokenSeconds',
      'requireVerifiedEmail',
      'sessionMaxSeconds',
      'signupDomains',
      'signupMode',
    ]);
    expect(JSON.stringify(config)).not.toContain('xxxx');
    expect(config.encryption.keys).toHaveLength(1);
  });

  const needed = [
    'FECHATTER_DATABASE_URL',
    'FECHATTER_AUTH_SIGNING_KEYS',
    'FECHATTER_AUTH_SECRET',
    'FECHATTER_ENCRYPTION_KEYS',
  ];
  test.each([
    ['server', {}, needed],
    ['notify', {}, ['FECHATTER_DATABASE_URL', 'FECHATTER_ENCRYPTION_KEYS']],
    ['launcher', {}, []],
    ['launcher', { NODE_ENV: 'production' }, needed],
  ] as const)('that %s %o cannot do without', (service, env, names) => {
    expect(problemsOf(env, service).map((problem) => problem.split(':')[0])).toEqual(names);
  });

  test('signing keys are PEM, JWK or a list, with a thumbprint as their kid', async () => {
    const { privateKey } = generateKeyPairSync('ed25519');
    const jwk = privateKey.export({ format: 'jwk' });
    const pem = String(privateKey.export({ format: 'pem', type: 'pkcs8' }));
    const [fromPem] = signingKeysOf(pem);
    expect(fromPem?.jwk).toEqual({ kty: 'OKP', crv: 'Ed25519', x: jwk.x, d: jwk.d });
    expect(fromPem?.kid).toBe(await calculateJwkThumbprint(jwk as JWK));
    expect(signingKeysOf(JSON.stringify(jwk))).toEqual([fromPem]);
    expect(signingKeysOf(JSON.stringify({ keys: [{ ...jwk, kid: 'mine' }] }))).toEqual([
      { kid: 'mine', jwk: fromPem?.jwk },
    ]);
    const other = String(generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }));
    expect(signingKeysOf(`${other}${pem}`)[1]).toEqual(fromPem);
  });

  test.each([
    [
      'a key of another kind',
      String(generateKeyPairSync('x25519').privateKey.export({ format: 'pem', type: 'pkcs8' })),
    ],
    ['a public key', JSON.stringify(generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }))],
    ['an empty list', '[]'],
    ['the same key twice', JSON.stringify([1, 2].map(() => ({ ...ed25519, kid: 'a' })))],
  ])('%s is no signing key', (_, keys) => {
    expect(problemsWith({ FECHATTER_AUTH_SIGNING_KEYS: keys })).toEqual([
      'FECHATTER_AUTH_SIGNING_KEYS: a value that is not shown here was given, expected one or more private Ed25519 keys, as PKCS8 PEM or JWK, the newest first',
    ]);
  });

  const key = Buffer.alloc(32, 7).toString('base64');
  test('encryption keys keep their order', () => {
    expect(keyIdsOf(`2:${key},1:${key}`)).toEqual([2, 1]);
    expect(keyIdsOf(JSON.stringify([{ id: 65_535, key }]))).toEqual([65_535]);
  });
  test.each([`0:${key}`, `65536:${key}`, `1:${key.slice(4)}`, `1:${key},1:${key}`, key, '1:', `1:${key}:x`])(
    'is no key ring: %s',
    (keys) => {
      expect(problemsWith({ FECHATTER_ENCRYPTION_KEYS: keys })).toHaveLength(1);
    },
  );
});
