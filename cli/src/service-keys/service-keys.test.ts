import { refusal, testServer } from '@fechatter/server/testing';
import { testEnvironment } from '@fechatter/service-kit/testing';
import { afterAll, expect, test } from 'vitest';
import { runCli } from '../run-cli.ts';

const app = await testServer();
afterAll(() => app[Symbol.asyncDispose]());

async function cli(...argv: string[]) {
  let out = '';
  let err = '';
  const code = await runCli(['service-keys', ...argv], {
    env: { ...testEnvironment, FECHATTER_DATABASE_URL: app.database.url },
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    signal: new AbortController().signal,
  });
  return { code, out, err };
}
const calling = (key: string) => app.client({ authorization: `Bearer ${key}` }).admin;
const ada = { externalId: 'ada', fullName: 'Ada' };

test('a key is shown once, authorises admin.* until it is revoked, and is stored as a hash', async () => {
  const created = await cli('create', '--name', 'the shop');
  expect(created).toMatchObject({ code: 0, err: '' });
  const key = created.out.split('\n')[0] ?? '';
  expect(key).toMatch(/^fcs_[0-9a-f]{32}_[0-9A-Za-z]{49}$/);
  expect(await calling(key).upsertUser.mutate(ada)).toMatchObject({ fullName: 'Ada' });
  const listed = await cli('list', '--json');
  expect(listed.out).not.toContain(key);
  const [row] = (JSON.parse(listed.out) as { serviceKeys: { id: string }[] }).serviceKeys;
  expect(row).toMatchObject({ name: 'the shop', issuer: 'service-keys', revokedAt: null });
  expect(row).toMatchObject({ scopes: ['users', 'sessions', 'workspaces', 'chats', 'messages'] });
  expect(row).toMatchObject({ lastUsedAt: expect.any(String) });
  expect(JSON.stringify(await app.database.query('select * from service_keys'))).not.toContain(key.slice(4));

  const id = row?.id ?? '';
  expect(await cli('revoke', id)).toMatchObject({ code: 0, out: `${id} is revoked\n` });
  expect(await cli('revoke', id)).toMatchObject({ code: 0 });
  expect(await refusal(calling(key).upsertUser.mutate(ada))).toMatchObject({ reason: 'token_invalid' });
  expect((await cli('list')).out).toContain('revoked');
  const audit = await app.database.query(
    `select action, actor_id, details ->> 'serviceKeyId' as key from audit_log where scope_id = $1 order by id`,
    [id],
  );
  expect(audit).toEqual([
    { action: 'serviceKey.created', actor_id: null, key: id },
    { action: 'serviceKey.revoked', actor_id: null, key: id },
  ]);
});

test.each([
  [['create', '--scopes', 'users,all'], 'all given, expected some of users,sessions'],
  [['create', '--name', 'a\nb'], '--name: expected'],
  [['create', '--issuer', ''], '--issuer: expected'],
  [['create', 'x'], 'no arguments'],
  [['revoke'], 'id is missing'],
])('%j is not understood', async (argv, expected) => {
  const { code, err } = await cli(...argv);
  expect(code).toBe(2);
  expect(err).toContain(expected);
});

test('revoking a key that does not exist fails', async () => {
  expect(await cli('revoke', 'x')).toMatchObject({ code: 1, err: 'there is no service key x\n' });
});
