import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { resolve } from 'node:path';
import { expect, test, vi } from 'vitest';

vi.setConfig({ testTimeout: 30_000 });

interface Line {
  readonly msg: string;
  readonly url?: string;
  readonly err?: { readonly message: string };
}

/** Starts the fixture in its own process and reads its log. */
function started(port: number, behaviour = '') {
  const args = ['--import', 'tsx', resolve(import.meta.dirname, 'main-fixture.ts'), String(port), behaviour];
  const child: ChildProcess = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const lines: Line[] = [];
  const waiting: { msg: string; settle: (line: Line) => void }[] = [];
  let stderr = '';
  child.stderr?.on('data', (chunk) => (stderr += String(chunk)));
  if (child.stdout)
    createInterface(child.stdout).on('line', (text) => {
      const line = JSON.parse(text) as Line;
      lines.push(line);
      for (const { settle } of waiting.filter(({ msg }) => msg === line.msg)) settle(line);
    });
  const exited = once(child, 'close').then(([code]) => code as number | null);
  return {
    lines,
    exited,
    stderr: () => stderr,
    kill: (signal: NodeJS.Signals) => child.kill(signal),
    saying: (msg: string): Promise<Line> =>
      new Promise((settle) => {
        const found = lines.find((line) => line.msg === msg);
        if (found) settle(found);
        else waiting.push({ msg, settle });
      }),
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

test('a taken port is one readable line', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  await using service = started(port);
  expect(await service.exited).toBe(1);
  expect(service.stderr()).toBe(
    `port ${port} on 127.0.0.1 is in use; set FECHATTER_SERVER_PORT to another port, or stop what listens there\n`,
  );
  other.close();
});

test('a wrong setting is one readable line', async () => {
  await using service = started(0, 'misconfigured');
  expect(await service.exited).toBe(1);
  expect(service.stderr()).toBe(
    'One setting is wrong:\n  FECHATTER_SERVER_PORT: "x" given, expected a port from 0 to 65535\n',
  );
});

test('any other error at start is logged with its stack', async () => {
  await using service = started(0, 'broken');
  expect(await service.exited).toBe(1);
  expect(service.stderr()).toMatch(/^Error: cannot start\n {4}at .*main-fixture/);
});

test.each(['SIGTERM', 'SIGINT'] as const)('%s lets running requests finish', async (signal) => {
  await using service = started(0);
  const { url = '' } = await service.saying('listening');
  const response = fetch(`${url}/slow`);
  await service.saying('slow began');
  service.kill(signal);
  expect(await (await response).json()).toBe('finished');
  expect(await service.exited).toBe(0);
  expect(service.lines.map(({ msg }) => msg).slice(-3)).toEqual(['stopping', 'closed', 'stopped']);
});

test('a second signal ends it at once', async () => {
  await using service = started(0, 'stuck');
  const { url = '' } = await service.saying('listening');
  const response = fetch(`${url}/slow`).catch(() => 'cut');
  await service.saying('slow began');
  service.kill('SIGTERM');
  await service.saying('stopping');
  service.kill('SIGTERM');
  expect(await service.exited).toBe(1);
  expect(await response).toBe('cut');
});

test.each([
  ['/throw', 'thrown into the void'],
  ['/reject', 'rejected into the void'],
])('an unhandled error ends the process: %s', async (path, message) => {
  await using service = started(0);
  const { url = '' } = await service.saying('listening');
  await fetch(`${url}${path}`).catch(() => undefined);
  expect(await service.exited).toBe(1);
  expect(service.lines.at(-1)?.err?.message).toBe(message);
});
