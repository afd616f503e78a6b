import { MissingContent } from '@fechatter/importer';
import { createGuardedDownload } from '@fechatter/service-kit';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, expect, test } from 'vitest';
import { downloadOf } from './import-download.ts';

const answers: Readonly<Record<string, (response: ServerResponse) => unknown>> = {
  '/file': (response) => response.end(Buffer.alloc(1_000_000, 'x')),
  '/page': (response) => response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<form>'),
  '/login': (response) => response.writeHead(302, { location: '/page' }).end(),
  '/forbidden': (response) => response.writeHead(403).end(),
  '/broken': (response) => response.writeHead(500).end(),
};
const server = createServer((request, response) => answers[request.url?.split('?')[0] ?? '']?.(response));
await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
afterAll(() => server.close());
const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const { signal } = new AbortController();
const get = downloadOf(createGuardedDownload({ outbound: { allow: ['127.0.0.0/8'] } }), signal);
const failure = (path: string, by = get) => by(`${base}${path}?t=xoxe-secret`).catch((error: unknown) => error);

test('a file comes as a stream, however large', async () => {
  let bytes = 0;
  for await (const chunk of await get(`${base}/file`)) bytes += chunk.length;
  expect(bytes).toBe(1_000_000);
});

test('what is refused is missing, what fails ends the import, and no error has the token', async () => {
  for (const path of ['/page', '/login', '/forbidden']) {
    expect(await failure(path)).toBeInstanceOf(MissingContent);
    expect(String(await failure(path))).toContain('the token of the export has expired');
  }
  const closed = downloadOf(createGuardedDownload({ outbound: { allow: [] } }), signal);
  expect(String(await failure('/file', closed))).toContain('an address that is not allowed');
  expect(await failure('/broken')).not.toBeInstanceOf(MissingContent);
  server.closeAllConnections();
  for (const path of ['/broken', '/page']) expect(String(await failure(path))).not.toMatch(/xoxe|127\.0\.0\.1/);
});
