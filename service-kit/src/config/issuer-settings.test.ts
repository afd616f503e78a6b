import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { testConfig } from '../testing/index.ts';
import { configFolder } from '../testing/test-config-folder.ts';

const { fileWith, problemsWith } = configFolder();
const pair = generateKeyPairSync('ed25519');
const pem = pair.publicKey.export({ format: 'pem', type: 'spki' }) as string;
const secret = 'a secret of an app, of more than 32 bytes';
const issuer = 'https://app.example.com';
const given = (entry: object) => ({ FECHATTER_AUTH_ISSUERS: JSON.stringify([entry]) });
const read = (entry: object) => testConfig('server', given(entry)).auth.issuers[0];
const expected =
  'FECHATTER_AUTH_ISSUERS: a value that is not shown here was given, expected a list of issuers, each once: ' +
  '{ issuer, audience, and one of jwksUrl, publicKey, secret (32 bytes or more), claims? }';

test('an issuer has a key set, one key, or a secret, and only servers get it', () => {
  expect(read({ issuer, audience: 'chat', jwksUrl: 'https://app.example.com/jwks' })).toEqual({
    issuer,
    audiences: ['chat'],
    keys: { kind: 'jwks', url: 'https://app.example.com/jwks' },
    claims: { id: 'sub', name: 'name', picture: 'picture', email: 'email' },
  });
  const jwk = pair.publicKey.export({ format: 'jwk' });
  for (const publicKey of [pem, pem.replaceAll('\n', '\\n'), jwk, JSON.stringify(jwk)])
    expect(read({ issuer, audience: ['a', 'b'], publicKey })?.keys).toMatchObject({ kind: 'publicKey' });
  expect(read({ issuer, audience: 'chat', secret, claims: { id: 'uid' } })).toMatchObject({
    keys: { kind: 'secret', secret },
    claims: { id: 'uid', name: 'name' },
  });
  expect(testConfig('server').auth.issuers).toEqual([]);
  expect(testConfig('notify', given({ issuer, audience: 'chat', secret })).auth).not.toHaveProperty('issuers');
});

describe('refused, without showing what was given', () => {
  const privateKey = pair.privateKey.export({ format: 'pem', type: 'pkcs8' });
  const privateJwk = pair.privateKey.export({ format: 'jwk' });
  test.each<[string, object]>([
    ['no key', { issuer, audience: 'chat' }],
    ['two keys', { issuer, audience: 'chat', secret, publicKey: pem }],
    ['a short secret', { issuer, audience: 'chat', secret: 'short' }],
    ['a private key', { issuer, audience: 'chat', publicKey: privateKey }],
    ['a private JWK', { issuer, audience: 'chat', publicKey: privateJwk }],
    ['a private JWK as text', { issuer, audience: 'chat', publicKey: JSON.stringify(privateJwk) }],
    ['no key at all', { issuer, audience: 'chat', publicKey: 'x' }],
    ['no audience', { issuer, secret }],
    ['no issuer', { audience: 'chat', secret }],
    ['an unknown claim', { issuer, audience: 'chat', secret, claims: { nick: 'x' } }],
    ['an unknown key', { issuer, audience: 'chat', secret, algorithm: 'none' }],
  ])('%s', (_, entry) => {
    expect(problemsWith(given(entry))).toEqual([expected]);
  });

  test('a repeated issuer, and a value that is no list', () => {
    const twice = [1, 2].map(() => ({ issuer, audience: 'chat', secret }));
    for (const text of [JSON.stringify(twice), '{}', 'https://app.example.com'])
      expect(problemsWith({ FECHATTER_AUTH_ISSUERS: text })).toEqual([expected]);
  });

  test('keys over plain http, except on this machine outside production', () => {
    const from = (jwksUrl: string) => given({ issuer, audience: 'chat', jwksUrl });
    const plain = `auth.issuers: the jwksUrl of ${issuer}: expected https (outside production also http on this machine)`;
    expect(problemsWith(from('http://app.example.com/jwks'))).toEqual([plain]);
    expect(problemsWith({ ...from('http://127.0.0.1:1/jwks'), NODE_ENV: 'production' })).toEqual([plain]);
    expect(problemsWith(from('file:///etc/passwd'))).toEqual([plain]);
    for (const url of ['http://127.0.0.1:1/jwks', 'http://localhost/jwks', 'http://[::1]/jwks'])
      expect(testConfig('server', from(url)).auth.issuers).toHaveLength(1);
  });
});

test('in app.yml', () => {
  const file = fileWith(`auth:\n  issuers:\n    - { issuer: x, audience: y, secret: '${secret}' }\n`);
  expect(testConfig('server', { FECHATTER_CONFIG: file }).auth.issuers).toMatchObject([{ issuer: 'x' }]);
});
