import { freePort } from '@fechatter/testing/free-port';
import { once } from 'node:events';
import { request } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { collectedLog, testConfig } from '../testing/index.ts';
import { createMetrics } from './metrics.ts';
import { listenForMetrics, type MetricsListener } from './metrics-listener.ts';

const opened: MetricsListener[] = [];
afterEach(() => opened.splice(0).forEach((listener) => listener.close()));

async function listening(port: number) {
  const { log, lines } = collectedLog();
  const metrics = createMetrics({ service: 'server', isExposed: false });
  const listener = await listenForMetrics({ port, metrics, log });
  opened.push(listener);
  return { listener, lines, metrics };
}

async function ask(port: number, { host = `127.0.0.1:${port}`, path = '/metrics', method = 'GET' } = {}) {
  const asked = request({ host: '127.0.0.1', port, path, method, headers: { host } }).end();
  const [response] = (await once(asked, 'response')) as [import('node:http').IncomingMessage];
  let text = '';
  for await (const chunk of response) text += String(chunk);
  return { status: response.statusCode, text };
}

test('this machine can read the metrics on their own port', async () => {
  const port = await freePort();
  const { metrics } = await listening(port);
  metrics.counter({
    name: 'fechatter_tests_total',
    help: 'For this test.',
    label: 'kind',
    read: () => ({ a: 2, b: 3 }),
  });
  metrics.gauge({ name: 'fechatter_unknown', help: 'For this test.', read: () => undefined });
  const { status, text } = await ask(port);
  expect(status).toBe(200);
  expect(text).toContain('fechatter_tests_total{kind="a"} 2\nfechatter_tests_total{kind="b"} 3\n');
  expect(text).not.toMatch(/^fechatter_unknown/m);
  expect((await ask(port)).text).toContain('fechatter_tests_total{kind="a"} 2\n');
  expect((await ask(port, { host: `localhost:${port}` })).status).toBe(200);
});

test('a page by DNS rebinding cannot read the metrics', async () => {
  const port = await freePort();
  await listening(port);
  expect((await ask(port, { host: 'evil.example' })).status).toBe(403);
  expect((await ask(port, { host: '127.0.0.1.evil.example' })).status).toBe(403);
});

test('the port serves nothing else', async () => {
  const port = await freePort();
  await listening(port);
  expect((await ask(port, { path: '/' })).status).toBe(404);
  expect((await ask(port, { method: 'POST' })).status).toBe(405);
});

test('two services with one metrics port both run: the second logs that it is not scraped', async () => {
  const port = await freePort();
  const first = await listening(port);
  const second = await listening(port);
  expect([first.listener.port, second.listener.port]).toEqual([port, undefined]);
  expect(second.lines).toMatchObject([
    { msg: 'metrics are not served on this machine', port, err: { code: 'EADDRINUSE' } },
  ]);
});

test('the port is 1000 above that of the service by default, and 0 switches it off', () => {
  const portOf = (env: Record<string, string>) => testConfig('server', env).server.metricsPort;
  expect(portOf({ FECHATTER_SERVER_PORT: '6688' })).toBe(7_688);
  expect(portOf({ FECHATTER_SERVER_PORT: '6688', FECHATTER_SERVER_METRICS_PORT: '9100' })).toBe(9_100);
  expect(portOf({ FECHATTER_SERVER_PORT: '6688', FECHATTER_SERVER_METRICS_PORT: '0' })).toBe(0);
  expect([portOf({ FECHATTER_SERVER_PORT: '65000' }), portOf({ FECHATTER_SERVER_PORT: '0' })]).toEqual([0, 0]);
});
