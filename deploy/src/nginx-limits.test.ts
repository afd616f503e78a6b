import { execFile } from 'node:child_process';
import { until } from '@fechatter/testing/until';
import { copyFile, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import { request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { root } from './build/root.ts';
import { isInstalled } from './testing/is-installed.ts';
import { proxyProcess } from './testing/proxy-process.ts';

const canRun = isInstalled('nginx') && isInstalled('openssl') && isInstalled('bash');

/** nginx in front of a service that responds with `{}`. */
async function proxied(changes: Readonly<Record<string, string>> = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'fechatter-limits-'));
  const service = createServer((_, response) => void response.end('{}')).listen(0, '127.0.0.1');
  await once(service, 'listening');
  await copyFile(join(root, 'deploy/compose/make-secrets'), join(folder, 'make-secrets'));
  await promisify(execFile)('bash', [join(folder, 'make-secrets'), 'localhost', 'localhost']);
  await mkdir(join(folder, 'nginx'));
  const here = `127.0.0.1:${(service.address() as AddressInfo).port}`;
  const names = ['server-1:6688', 'server-2:6688', 'notify-1:6687', 'notify-2:6687'];
  const addresses = { ...Object.fromEntries(names.map((name) => [name, here])), ...changes };
  const proxy = await proxyProcess({ folder: join(folder, 'nginx'), addresses, secrets: join(folder, 'secrets') });
  return {
    proxy,
    service,
    accessLog: () => readFile(join(folder, 'nginx/access.log'), 'utf8'),
    async send(path: string, body?: string) {
      const method = body === undefined ? 'GET' : 'POST';
      const sent = request({ port: proxy.port, path, method, rejectUnauthorized: false, agent: false }).end(body);
      const [response] = (await once(sent, 'response')) as [IncomingMessage];
      return { status: response.statusCode, headers: response.headers, body: await text(response) };
    },
    async [Symbol.asyncDispose]() {
      service.close();
      await proxy[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

test.skipIf(!canRun)('nginx limits a network as the services do (skipped without it)', async () => {
  // Lower limits, so that a few requests exceed them.
  await using system = await proxied({ 'rate=200r/s': 'rate=1r/m', 'burst=1000': 'burst=4' });
  const responses = [];
  for (let n = 0; n < 6; n++) responses.push(await system.send('/api/x'));
  expect(responses.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 429]);
  expect(responses.at(-1)?.headers).toMatchObject({ 'content-type': 'application/json', 'retry-after': '1' });
  expect(JSON.parse(responses.at(-1)?.body ?? '')).toMatchObject({ error: { reason: 'rate_limited' } });
  expect((await system.send('/hooks/1/topsecret', '{}')).status).toBe(429);
  await until(() => system.proxy.errors().includes('/api/x'), 'a refusal is logged');
  expect(system.proxy.errors()).not.toContain('topsecret');
});

test.skipIf(!canRun)('nginx logs no secret of an incoming webhook (skipped without it)', async () => {
  await using system = await proxied();
  const path = '/hooks/1/topsecret';
  for (const size of [1, 131_072]) expect((await system.send(path, 'x'.repeat(size))).status).toBe(200);
  expect((await system.send(path, 'x'.repeat(3_000_000))).status).toBe(413);
  system.service.close();
  system.service.closeAllConnections();
  for (const way of [path, '/x/..//%68ooks/1/topsecret']) expect((await system.send(way, '{}')).status).toBe(502);
  expect((await system.send('/api/x')).status).toBe(502);
  await until(() => system.proxy.errors().includes('/api/x'), 'the failure of another request is logged');
  expect(system.proxy.errors() + (await system.accessLog())).not.toContain('topsecret');
});
