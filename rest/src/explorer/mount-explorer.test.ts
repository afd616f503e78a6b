import { createShell } from '@fechatter/service-kit';
import { silentLog, testConfig } from '@fechatter/service-kit/testing';
import { expect, test } from 'vitest';
import { mountExplorer } from './mount-explorer.ts';

function explorer() {
  const app = createShell({ config: testConfig('server'), log: silentLog(), ready: () => Promise.resolve([]) });
  mountExplorer(app, {
    documents: [
      { name: 'one', url: 'openapi.json' },
      { name: 'two', url: 'https://events.example:8443/openapi.json' },
    ],
  });
  return app;
}

test('the page loads everything from this service', async () => {
  const page = await explorer().request('/docs');
  const html = await page.text();
  const files = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, file]) => `/${file}`);
  expect(files).toHaveLength(6);
  for (const file of files) {
    const { status, headers } = await explorer().request(file);
    expect([file, status]).toEqual([file, 200]);
    expect(headers.get('content-type')).toMatch(/^(text\/(css|javascript)|image\/png)/);
  }
});

test('the page may connect only to the services', async () => {
  const { headers } = await explorer().request('/docs');
  const policy = headers.get('content-security-policy');
  expect(policy).toContain("default-src 'none'; script-src 'self';");
  expect(policy).toContain("connect-src 'self' https://events.example:8443;");
  expect(await (await explorer().request('/docs/explorer.js')).text()).toContain('validatorUrl: null');
});

test('large files are compressed and immutable; other names are not found', async () => {
  const html = await (await explorer().request('/docs')).text();
  const bundle = `/${/src="([^"]+bundle\.js)"/.exec(html)?.[1]}`;
  const { headers } = await explorer().request(bundle, { headers: { 'accept-encoding': 'gzip, br' } });
  expect(headers.get('content-encoding')).toBe('gzip');
  expect(headers.get('cache-control')).toContain('immutable');
  for (const name of ['package.json', '..%2fpackage.json', 'constructor'])
    expect((await explorer().request(bundle.replace('swagger-ui-bundle.js', name))).status).toBe(404);
});
