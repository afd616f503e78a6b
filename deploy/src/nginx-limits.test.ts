import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
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

test.skipIf(!canRun)(
  'nginx refuses a network that asks for too much, as the services do (skipped without it)',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'fechatter-limits-'));
    const service = createServer((_, response) => void response.end('{}')).listen(0, '127.0.0.1');
    try {
      await once(service, 'listening');
      await copyFile(join(root, 'deploy/compose/make-secrets'), join(folder, 'make-secrets'));
      await promisify(execFile)('bash', [join(folder, 'make-secrets'), 'localhost', 'localhost']);
      await mkdir(join(folder, 'nginx'));
      const here = `127.0.0.1:${(service.address() as AddressInfo).port}`;
      const names = ['server-1:6688', 'server-2:6688', 'notify-1:6687', 'notify-2:6687'];
      // Lower limits, so that a few requests exceed them.
      const lower = { 'rate=200r/s': 'rate=1r/m', 'burst=1000': 'burst=4' };
      const addresses = { ...Object.fromEntries(names.map((name) => [name, here])), ...lower };
      await using proxy = await proxyProcess({
        folder: join(folder, 'nginx'),
        addresses,
        secrets: join(folder, 'secrets'),
      });
      const get = async () => {
        const sent = request({ port: proxy.port, path: '/api/x', rejectUnauthorized: false, agent: false }).end();
        const [response] = (await once(sent, 'response')) as [import('node:http').IncomingMessage];
        return { status: response.statusCode, headers: response.headers, body: await text(response) };
      };
      const answers = [];
      for (let n = 0; n < 6; n++) answers.push(await get());
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 429]);
      expect(answers.at(-1)?.headers).toMatchObject({ 'content-type': 'application/json', 'retry-after': '1' });
      expect(JSON.parse(answers.at(-1)?.body ?? '')).toMatchObject({ error: { reason: 'rate_limited' } });
    } finally {
      service.close();
      await rm(folder, { recursive: true, force: true });
    }
  },
);
