import { type RestCaller, restCaller } from '@fechatter/rest/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestServer, testServer } from '../testing/index.ts';
import { type Fields, fields, group, reasonOf } from './rest-world.ts';

let app: TestServer;
let call: RestCaller;
beforeAll(async () => {
  app = await testServer();
  call = await restCaller(app.url);
});
afterAll(() => app[Symbol.asyncDispose]());

test('workspaces are changed, left and deleted', async () => {
  const { owner, member, workspace_id } = await group(call, 'jane', 'kurt');
  const as = { token: owner.token };
  const place = `/api/workspaces/${workspace_id}` as const;
  expect((await call('GET /api/workspaces', as)).body).toMatchObject({
    workspaces: [{ role: 'Owner', last_seq: expect.any(Number) }],
  });
  const described = await call(`PATCH ${place}`, { ...as, body: { description: 'cloth' } });
  expect(described.body).toMatchObject({ name: 'looms', description: 'cloth' });
  expect((await call(`GET ${place}`, as)).body).toEqual(described.body);
  const role = { role: 'Admin' };
  expect((await call(`PATCH ${place}/members/${member.id}`, { ...as, body: role })).body).toMatchObject(role);
  expect((await call(`GET ${place}/members`, as)).status).toBe(200);
  expect((await call(`GET /api/users/${member.id}`, as)).body).toMatchObject({ full_name: 'kurt' });
  const body = { role: 'Member', expires_in_seconds: 60, max_uses: 2, email: 'lena@example.com' };
  const invite = fields(await call(`POST ${place}/invites`, { ...as, body }));
  const { invites } = (await call(`GET ${place}/invites`, as)).body as { invites: Fields[] };
  expect(invites).toContainEqual(expect.objectContaining({ id: invite.id, max_uses: 2, uses: 0 }));
  expect((await call(`DELETE ${place}/invites/${invite.id}`, as)).status).toBe(204);
  expect(reasonOf(await call(`POST ${place}/leave`, as))).toBe('last_owner');
  expect((await call(`DELETE ${place}/members/${member.id}`, as)).status).toBe(204);
  expect((await call(`DELETE ${place}`, as)).status).toBe(204);
});
