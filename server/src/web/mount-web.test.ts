import { createShell } from '@fechatter/service-kit';
import { silentLog, testConfig } from '@fechatter/service-kit/testing';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mountWeb } from './mount-web.ts';

const PAGE = '<meta name="notify-url" content="http://127.0.0.1:6687" />';
let place: string;
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'web-'));
  await mkdir(join(place, 'site/assets'), { recursive: true });
  await writeFile(join(place, 'site/index.html'), PAGE);
  await writeFile(join(place, 'site/assets/main-Dk3_a91x.js'), 'run()'.repeat(100));
  await writeFile(join(place, 'site/.env.json'), 'hidden');
  await writeFile(join(place, 'secret.json'), 'secret');
});
afterAll(() => rm(place, { recursive: true }));

function web(env: Record<string, string> = {}) {
  const config = testConfig('server', {
    FECHATTER_SERVER_WEB: join(place, 'site'),
    FECHATTER_NOTIFY_PUBLIC_URL: 'https://events.example/x',
    ...env,
  });
  const app = createShell({ config, log: silentLog(), ready: () => Promise.resolve([]) });
  app.get('/api/known', (c) => c.json('known'));
  mountWeb(app, config);
  return app;
}
const navigation = { headers: { 'sec-fetch-mode': 'navigate' } };

test('the page has the address of notify, may run only its own script, and is not cached', async () => {
  const response = await web().request('/');
  expect(await response.text()).toBe('<meta name="notify-url" content="https://events.example/x" />');
  const policy = response.headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
  expect(policy).toContain('https://events.example;');
  expect(policy).not.toMatch(/unsafe|\*/);
  expect(response.headers.get('cache-control')).toBe('no-cache');
});

test('services on an IPv6 address can be called', async () => {
  const here = {
    FECHATTER_SERVER_PUBLIC_URL: 'https://[2001:db8::1]',
    FECHATTER_NOTIFY_PUBLIC_URL: 'http://[::1]:6687/$&',
  };
  const response = await web(here).request('/');
  expect(await response.text()).toBe('<meta name="notify-url" content="http://[::1]:6687/$&#38;" />');
  // A policy cannot name an IPv6 address.
  expect(response.headers.get('content-security-policy')).toContain("connect-src 'self' https://* http://*:6687;");
});

test('a file with a hash in its name is immutable, and compressed for clients that accept it', async () => {
  const app = web();
  const plain = await app.request('/assets/main-Dk3_a91x.js');
  expect(plain.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  expect(plain.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
  const zipped = await app.request('/assets/main-Dk3_a91x.js', { headers: { 'accept-encoding': 'br, gzip' } });
  expect(zipped.headers.get('content-encoding')).toBe('gzip');
  expect(gunzipSync(await zipped.arrayBuffer()).toString()).toBe(await plain.text());
});

test.each([
  '/../secret.json',
  '/%2e%2e/secret.json',
  '/..%2fsecret.json',
  '/assets/..%5c..%5csecret.json',
  '/.env.json',
  '/assets',
  '/assets/',
  '/assets/none.js',
  '/index.html%00.js',
])('%s is nothing', async (path) => {
  const response = await web().request(path);
  expect(response.status).toBe(404);
  expect(await response.json()).toMatchObject({ error: { reason: 'route_not_found' } });
});

test('the page is served at every address except those of the API', async () => {
  const app = web();
  expect(await (await app.request('/team/general', navigation)).text()).toContain('notify-url');
  expect((await app.request('/api/known', navigation)).status).toBe(200);
  for (const path of ['/api/unknown', '/trpc', '/docs/x', '/panel'])
    expect((await app.request(path, navigation)).status).toBe(404);
  expect((await app.request('/team/general')).status).toBe(404);
  expect((await app.request('/', { method: 'POST' })).status).toBe(404);
});

test.each([
  [{}, "img-src 'self' https:"],
  [{ FECHATTER_SERVER_IMAGE_ORIGINS: 'https://images.example' }, "img-src 'self' https://images.example"],
])('pictures may be loaded from the origins of %o', async (env, expected) => {
  const policy = (await web(env).request('/')).headers.get('content-security-policy') ?? '';
  expect(policy.split('; ')).toContain(expected);
});

test('files are loaded from the server, or from their own origin', async () => {
  const policyOf = async (env: Readonly<Record<string, string>>) =>
    ((await web(env).request('/')).headers.get('content-security-policy') ?? '').split('; ');
  expect(await policyOf({})).toContain("media-src 'self'");
  const apart = await policyOf({
    FECHATTER_FILES_PUBLIC_URL: 'https://files.example/x',
    FECHATTER_SERVER_IMAGE_ORIGINS: 'https://images.example',
  });
  expect(apart).toContain("media-src 'self' https://files.example");
  expect(apart).toContain("img-src 'self' https://images.example https://files.example");
});

test('no page where it is switched off', async () => {
  expect((await web({ FECHATTER_SERVER_WEB: 'off' }).request('/')).status).toBe(404);
});

test('in production there is no page unless a folder is named', async () => {
  expect((await web({ NODE_ENV: 'production' }).request('/')).status).toBe(200);
  expect((await web({ NODE_ENV: 'production', FECHATTER_SERVER_WEB: '' }).request('/')).status).toBe(404);
});
