import { describe, expect, test } from 'vitest';
import { testConfig } from '../testing/index.ts';
import { configFolder } from '../testing/test-config-folder.ts';

const { problemsWith } = configFolder();
const given = (...list: object[]) => ({ FECHATTER_AUTH_PROVIDERS: JSON.stringify(list) });
const provider = { id: 'example', name: 'Example', issuer: 'https://accounts.example.com', clientId: 'chat' };
const expected =
  'FECHATTER_AUTH_PROVIDERS: a value that is not shown here was given, expected a list of providers, each id (a-z, 0-9, -) ' +
  'and issuer once: { id, name, issuer, clientId, clientSecret?, scope?, redirectUri? }';

test('an issuer is not a provider’s and an app’s at once', () => {
  const issuers = JSON.stringify([{ issuer: provider.issuer, audience: 'chat', secret: 'x'.repeat(32) }]);
  expect(() => testConfig('server', { ...given(provider), FECHATTER_AUTH_ISSUERS: issuers })).toThrow(
    'auth.providers: the issuer of example: in auth.issuers too, expected in one of them',
  );
});

test('providers have a default scope, and only servers get them', () => {
  expect(testConfig('server', given(provider)).auth.providers).toEqual([
    { ...provider, scope: 'openid profile email' },
  ]);
  expect(testConfig('server').auth.providers).toEqual([]);
  expect(testConfig('worker', given(provider)).auth).not.toHaveProperty('providers');
});

describe('refused', () => {
  test.each<[string, object[]]>([
    ['an id of other characters', [{ ...provider, id: 'Example!' }]],
    ['no client', [{ ...provider, clientId: undefined }]],
    ['a scope without openid', [{ ...provider, scope: 'email' }]],
    ['an issuer that is no URL', [{ ...provider, issuer: 'example' }]],
    [
      'a page with a query, which the token request would leave out',
      [{ ...provider, redirectUri: 'https://a.example/?x=y' }],
    ],
    ['a page with a fragment', [{ ...provider, redirectUri: 'https://a.example/#/oidc' }]],
    ['an unknown key', [{ ...provider, secret: 'x' }]],
    ['one id twice', [provider, { ...provider, issuer: 'https://other.example.com' }]],
    ['one issuer twice', [provider, { ...provider, id: 'other' }]],
  ])('%s', (_, list) => {
    expect(problemsWith(given(...list))).toEqual([expected]);
  });

  test('a redirect page over plain http', () => {
    const plain =
      'auth.providers: the redirectUri of example: expected https (outside production also http on this machine)';
    const to = (redirectUri: string) => given({ ...provider, redirectUri });
    expect(problemsWith(to('http://chat.example.com/oidc'))).toEqual([plain]);
    for (const good of ['http://127.0.0.1:5173/oidc', 'https://chat.example.com/oidc', 'com.example.chat:/oidc'])
      expect(testConfig('server', to(good)).auth.providers).toHaveLength(1);
  });

  test('an issuer over plain http, except on this machine outside production', () => {
    const plain =
      'auth.providers: the issuer of example: expected https (outside production also http on this machine)';
    expect(problemsWith(given({ ...provider, issuer: 'http://accounts.example.com' }))).toEqual([plain]);
    const local = given({ ...provider, issuer: 'http://127.0.0.1:3001' });
    expect(problemsWith({ ...local, NODE_ENV: 'production' })).toEqual([plain]);
    expect(testConfig('server', local).auth.providers).toHaveLength(1);
  });
});
