import { openDatabase } from '@fechatter/drizzle';
import { accessOf } from '@fechatter/drizzle/testing';
import { testServer } from '@fechatter/server/testing';
import { testEnvironment } from '@fechatter/service-kit/testing';
import { afterAll, expect, test } from 'vitest';
import { runCli } from '../run-cli.ts';

const app = await testServer();
const worker = openDatabase(accessOf(app.database, 'worker'));
afterAll(async () => {
  await worker.close();
  await app[Symbol.asyncDispose]();
});

async function cli(line: string, env: Readonly<Record<string, string>> = {}) {
  let out = '';
  const code = await runCli(line.split(' '), {
    // With the server's settings, which an operator has.
    env: { ...testEnvironment, FECHATTER_DATABASE_URL: accessOf(app.database, 'server').url, ...env },
    out: (text) => void (out += text),
    err: (text) => void (out += text),
    signal: new AbortController().signal,
  });
  return { code, out };
}

test('the command confirms an unchanged log, and names what was changed after a seal was kept', async () => {
  const { workspace } = await app.workspaceOf('alice', 'bob');
  expect(await cli('audit verify')).toMatchObject({ code: 0, out: expect.stringContaining('there is no seal yet') });
  await worker.pool.query('select audit_seal(1000)');
  const sound = await cli('audit verify');
  expect(sound).toMatchObject({ code: 0, out: expect.stringContaining('nothing is missing or altered') });
  const [, seal = ''] = /the newest seal is (\S+)/.exec(sound.out) ?? [];
  expect((await cli(`audit verify --expect ${seal}`)).code).toBe(0);
  expect((await cli(`audit verify --expect ${seal.replace(/.$/, (digit) => (digit === '0' ? '1' : '0'))}`)).code).toBe(
    1,
  );
  expect((await cli('audit verify --expect something')).code).toBe(2);

  const [line] = await app.database.query<{ id: string }>(
    `select id from audit_log where scope_id = $1 and action = 'workspace.created'`,
    [workspace.id],
  );
  await app.database.query(
    `set session_replication_role = replica; delete from audit_log where id = '${line?.id}'; reset session_replication_role`,
  );
  const found = await cli('audit verify --json');
  expect(found.code).toBe(1);
  expect(JSON.parse(found.out)).toMatchObject({
    problems: [`line ${line?.id} of seal 1 is missing`],
    problemCount: 1,
    newest: { n: 1 },
  });
});

test('preparing the database stores the retention of the audit log', async () => {
  const owner = { FECHATTER_DATABASE_URL: app.database.url, FECHATTER_AUDIT_RETENTION_DAYS: '90' };
  expect((await cli('database prepare', owner)).code).toBe(0);
  expect(await app.database.query('select retention_days from audit_settings')).toEqual([{ retention_days: 90 }]);
});
