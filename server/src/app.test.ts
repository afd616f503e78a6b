import { testDatabase } from '@fechatter/drizzle/testing';
import { silentLog, testConfig } from '@fechatter/service-kit/testing';
import { expect, test } from 'vitest';
import { startServer } from './start-server.ts';
import { procedures } from './router.ts';
import { testServer } from './testing/index.ts';

const ready = async (url: string) => {
  const response = await fetch(`${url}/readyz`);
  return { status: response.status, ...((await response.json()) as object) };
};

test('a server migrates an empty database and is ready', async () => {
  await using database = await testDatabase();
  await database.query('drop schema public cascade; create schema public');
  const config = testConfig('server', { FECHATTER_DATABASE_URL: database.url });
  const servers = await Promise.all([1, 2].map(() => startServer(config, { log: silentLog() })));
  for (const { url, close } of servers) {
    expect(await ready(url)).toMatchObject({ status: 'ready', service: 'server' });
    await close();
  }
});

test('a server is not ready on a database that is older than it', async () => {
  await using app = await testServer();
  expect(await ready(app.url)).toMatchObject({ status: 'ready' });
  await app.database.query('delete from migrations where created_at = (select max(created_at) from migrations)');
  expect(await ready(app.url)).toMatchObject({
    status: 'not_ready',
    checks: [
      { name: 'database', ok: true },
      { name: 'migrations', ok: false },
      { name: 'revocations', ok: true },
    ],
  });
});

test('every procedure has its own REST route', () => {
  const all = Object.entries(procedures).flatMap(([feature, record]) =>
    Object.entries(record).map(([verb, { _def }]) => ({ name: `${feature}.${verb}`, openapi: _def.meta?.openapi })),
  );
  expect(all.filter(({ openapi }) => openapi === undefined)).toEqual([]);
  const routes = all.map(({ openapi }) => `${openapi?.method} ${openapi?.path}`);
  expect(new Set(routes).size).toBe(routes.length);
});
