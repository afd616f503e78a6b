import { once } from 'node:events';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { createShell } from '../http/shell.ts';
import type { ShellApp } from '../http/shell-env.ts';
import { collectedLog, gate, listening, silentLog, testConfig } from '../testing/index.ts';
import { ListenError } from './listen-error.ts';

const config = testConfig('notify', { FECHATTER_HTTP_DRAIN_MS: '50' });

function shell(draining?: AbortController, extend: (app: ShellApp) => void = () => {}) {
  const signal = draining && { draining: draining.signal };
  const app = createShell({ config, log: silentLog(), ready: () => Promise.resolve([]), ...signal });
  extend(app);
  return app;
}

test('a service logs where it listens', async () => {
  await using service = await listening(shell(), config);
  expect(service.url).toBe(`http://127.0.0.1:${service.port}`);
  expect((await fetch(`${service.url}/healthz`)).status).toBe(200);
});

test.each([
  [{}, /^port \d+ on 127\.0\.0\.1 is in use; set FECHATTER_NOTIFY_PORT/],
  [{ host: '203.0.113.7' }, /^this machine has no address 203\.0\.113\.7; set FECHATTER_NOTIFY_HOST/],
])('a failure to listen names the setting: %o', async (more, message) => {
  await using first = await listening(shell(), config);
  const second = listening(shell(), config, { port: first.port, ...more });
  await expect(second).rejects.toThrow(message);
  await expect(second).rejects.toBeInstanceOf(ListenError);
});

const hasIpv6 = Object.values(networkInterfaces()).some((addresses) =>
  addresses?.some(({ address }) => address === '::1'),
);
const hosts = ['127.0.0.1', '0.0.0.0', ...(hasIpv6 ? ['::', '::1', '0:0:0:0:0:0:0:1', '::ffff:127.0.0.1'] : [])];

describe.each(hosts)('a service on %s', (host) => {
  const at = host.includes(':') && !host.includes('.') ? '::1' : '127.0.0.1';

  test.each([
    ['a request without a host, as load balancers check with', 'HTTP/1.0', undefined],
    ['a host that is empty', 'HTTP/1.1', ''],
    ['an IPv6 address in its short form', 'HTTP/1.1', '[::1]'],
    ['an IPv6 address in its long form', 'HTTP/1.1', '[0:0:0:0:0:0:0:1]:6688'],
    ['an IPv4 address as an IPv6 one', 'HTTP/1.1', '[::ffff:127.0.0.1]:6688'],
  ])('responds to %s', async (_, version, name) => {
    await using service = await listening(shell(), config, { host });
    const socket = connect(service.port, at);
    const head = name === undefined ? '' : `host: ${name}\r\n`;
    socket.write(`GET /healthz ${version}\r\n${head}connection: close\r\n\r\n`);
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 200 /);
  });
});

test('closing happens in order: not ready, no new connections, streams, responses, the rest', async () => {
  const draining = new AbortController();
  const steps: string[] = [];
  const begun = gate();
  const finish = gate();
  const app = shell(draining, (app) => {
    app.get('/slow', async (c) => {
      begun.open();
      await finish.opened;
      steps.push('responded');
      return c.json('done');
    });
  });
  draining.signal.addEventListener('abort', () => steps.push('draining'));
  const service = await listening(app, testConfig('notify'), {
    draining,
    beforeClose: async () => {
      await expect(fetch(`${service.url}/healthz`)).rejects.toThrow();
      steps.push('streams cut');
      finish.open();
    },
    close: () => Promise.resolve(void steps.push('closed')),
  });
  const pending = fetch(`${service.url}/slow`);
  await begun.opened;
  await Promise.all([service.close(), service.close()]);
  const response = await pending;
  expect(response.headers.get('connection')).toBe('close');
  expect(await response.json()).toBe('done');
  expect(steps).toEqual(['draining', 'streams cut', 'responded', 'closed']);
});

test('a response that takes too long is cut, an idle connection at once', async () => {
  const { log, lines } = collectedLog();
  const begun = gate();
  const app = shell(undefined, (app) => {
    app.get('/never', () => {
      begun.open();
      return new Promise<Response>(() => {});
    });
  });
  const service = await listening(app, config, { log });
  const idle = connect(service.port, '127.0.0.1');
  await once(idle, 'connect');
  const pending = fetch(`${service.url}/never`);
  pending.catch(() => undefined);
  await begun.opened;
  await service.close();
  await expect(pending).rejects.toThrow();
  expect(await text(idle)).toBe('');
  expect(lines.map(({ msg }) => msg)).toContain('cutting requests that take too long');
});
