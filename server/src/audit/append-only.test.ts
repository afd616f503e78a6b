import { grantServiceRoles, openDatabase } from '@fechatter/drizzle';
import { afterAll, expect, test } from 'vitest';
import { testServer } from '../testing/index.ts';

const app = await testServer();
afterAll(() => app[Symbol.asyncDispose]());
const { alice, workspace } = await app.workspaceOf('alice');
const count = async () => (await app.database.query('select 1 from audit_log')).length;

test('a service appends to the audit log and can change nothing in it', async () => {
  const passwords = { server: 'of the server', notify: 'of notify', worker: 'of the worker' };
  await grantServiceRoles({ ...app.database, applicationName: 'test' }, passwords);
  const as = (role: keyof typeof passwords) => {
    const url = new URL(app.database.url);
    [url.username, url.password] = [`fechatter_${role}`, passwords[role]];
    return openDatabase({ url: url.href, applicationName: 'test' });
  };
  const [server, notify] = [as('server'), as('notify')];
  const before = await count();
  for (const attempt of [
    `update audit_log set actor_id = null`,
    `update audit_log set address = null`,
    `delete from audit_log`,
    `truncate audit_log`,
    `alter table audit_log disable trigger audit_guard`,
  ])
    await expect(server.pool.query(attempt)).rejects.toMatchObject({ code: '42501' });
  await expect(notify.pool.query('select from audit_log')).rejects.toMatchObject({ code: '42501' });
  await expect(notify.pool.query('select audit_prune(1, 1)')).rejects.toMatchObject({ code: '42501' });
  await server.pool.query(
    `insert into audit_log (scope_id, id, action) values ('${workspace.id}', gen_random_uuid(), 'workspace.updated')`,
  );
  expect((await server.pool.query<{ gone: number }>('select audit_prune(1, 10) as gone')).rows).toEqual([{ gone: 0 }]);
  await server.pool.query(`select audit_forget_addresses('${alice.id}', 10)`);
  expect(await count()).toBe(before + 1);
  expect(await app.database.query('select 1 from audit_log where address is null')).toHaveLength(1);
  await Promise.all([server.close(), notify.close()]);
});

test('nor does whoever owns the tables change it by mistake', async () => {
  for (const attempt of [
    `update audit_log set actor_id = null`,
    `update audit_log set address = '::1'`,
    `delete from audit_log`,
    `truncate audit_log`,
  ])
    await expect(app.database.query(attempt)).rejects.toThrow('append-only');
});
