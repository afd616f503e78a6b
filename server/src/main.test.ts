import { testDatabase } from '@fechatter/drizzle/testing';
import { testEnvironment } from '@fechatter/service-kit/testing';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const main = fileURLToPath(new URL('main.ts', import.meta.url));
const start = (env: Readonly<Record<string, string>>) =>
  spawn(process.execPath, ['--import', 'tsx', main], {
    env: { PATH: process.env.PATH, ...testEnvironment, FECHATTER_LOG_LEVEL: 'info', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });

test('the process serves, and shuts down cleanly on a signal', async () => {
  await using database = await testDatabase();
  const child = start({ FECHATTER_DATABASE_URL: database.url });
  let output = '';
  const listening = new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      const url = /"url":"(http[^"]+)"/.exec(output)?.[1];
      if (url !== undefined) resolve(url);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.on('exit', () => reject(new Error(output)));
  });
  const url = await listening;
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
});

test('an unreachable database ends the start with one line about it', async () => {
  const child = start({});
  let output = '';
  child.stderr.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  expect(await once(child, 'exit')).toEqual([1, null]);
  expect(output).toContain('ECONNREFUSED');
});
