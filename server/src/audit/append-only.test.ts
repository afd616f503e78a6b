import { openDatabase } from '@fechatter/drizzle';
import { accessOf } from '@fechatter/drizzle/testing';
import { afterAll, expect, test } from 'vitest';
import { testServer } from '../testing/index.ts';

const app = await testServer();
afterAll(() => app[Symbol.asyncDispose]());
const { alice, workspace } = await app.workspaceOf('alice');
const count = async () => (await app.database.query('select 1 from audit_log')).length;

test('a service appends to the audit log and can change nothing in it', async () => {
  const as = (role: 'server' | 'notify') => openDatabase(accessOf(app.database, role));
  const [server, notify] = [as('server'), as('notify')];
  const before = await count();
  for (const attempt of [
    `update audit_log set actor_id = null`,
    `update audit_log set address = null`,
    `delete from audit_log`,
    `truncate audit_log`,
    `alter table audit_log disable trigger audit_guard`,
    `select audit_prune_seal()`,
    `select audit_seal(10)`,
    `insert into audit_log (scope_id, id, action, created_at) values (gen_random_uuid(), gen_random_uuid(), 'x', now())`,
  ])
    await expect(server.pool.query(attempt)).rejects.toMatchObject({ code: '42501' });
  await expect(notify.pool.query('select from audit_log')).rejects.toMatchObject({ code: '42501' });
  await expect(notify.pool.query('select audit_prune_seal()')).rejects.toMatchObject({ code: '42501' });
  await server.pool.query(
    `insert into audit_log (scope_id, id, action) values ('${workspace.id}', gen_random_uuid(), 'workspace.updated')`,
  );
  await server.pool.query(`select audit_forget_addresses('${alice.id}', 10)`);
  expect(await count()).toBe(before + 1);
  expect(await app.database.query('select 1 from audit_log where address is null')).toHaveLength(1);
  await Promise.all([server.close(), notify.close()]);
});

test('the owner of the tables cannot change it by mistake', async () => {
  for (const attempt of [
    `update audit_log set actor_id = null`,
    `update audit_log set address = '::1'`,
    `delete from audit_log`,
    `truncate audit_log`,
  ])
    await expect(app.database.query(attempt)).rejects.toThrow('append-only');
});
