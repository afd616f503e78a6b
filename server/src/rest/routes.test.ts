import { documentOf, restCaller } from '@fechatter/rest/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestServer, testServer } from '../testing/index.ts';

/** The contract's table: procedure, route, status. A change breaks clients. */
const table = [
  ['auth.signup', 'POST /api/auth/signup', 201],
  ['auth.signin', 'POST /api/auth/signin', 200],
  ['auth.providers', 'GET /api/auth/providers', 200],
  ['auth.oidcBegin', 'POST /api/auth/oidc/begin', 200],
  ['auth.oidcFinish', 'POST /api/auth/oidc/finish', 200],
  ['auth.link', 'POST /api/auth/identities', 201],
  ['auth.identities', 'GET /api/auth/identities', 200],
  ['auth.unlink', 'DELETE /api/auth/identities/{identity_id}', 204],
  ['auth.exchange', 'POST /api/auth/exchange', 200],
  ['auth.refresh', 'POST /api/auth/refresh', 200],
  ['auth.signout', 'POST /api/auth/signout', 204],
  ['auth.signoutAll', 'POST /api/auth/signout-all', 204],
  ['auth.changePassword', 'POST /api/auth/password', 204],
  ['auth.sessions', 'GET /api/auth/sessions', 200],
  ['auth.revokeSession', 'DELETE /api/auth/sessions/{session_id}', 204],
  ['user.me', 'GET /api/users/me', 200],
  ['user.update', 'PATCH /api/users/me', 200],
  ['user.get', 'GET /api/users/{user_id}', 200],
  ['user.presence', 'GET /api/presence', 200],
  ['user.setActivity', 'POST /api/users/me/activity', 204],
  ['user.setStatus', 'PUT /api/users/me/status', 200],
  ['user.preferences', 'GET /api/users/me/preferences', 200],
  ['user.setPreferences', 'PATCH /api/users/me/preferences', 200],
  ['user.block', 'PUT /api/users/{user_id}/block', 204],
  ['user.unblock', 'DELETE /api/users/{user_id}/block', 204],
  ['workspace.create', 'POST /api/workspaces', 201],
  ['workspace.list', 'GET /api/workspaces', 200],
  ['workspace.get', 'GET /api/workspaces/{workspace_id}', 200],
  ['workspace.update', 'PATCH /api/workspaces/{workspace_id}', 200],
  ['workspace.delete', 'DELETE /api/workspaces/{workspace_id}', 204],
  ['workspace.members', 'GET /api/workspaces/{workspace_id}/members', 200],
  ['workspace.setRole', 'PATCH /api/workspaces/{workspace_id}/members/{user_id}', 200],
  ['workspace.removeMember', 'DELETE /api/workspaces/{workspace_id}/members/{user_id}', 204],
  ['workspace.leave', 'POST /api/workspaces/{workspace_id}/leave', 204],
  ['workspace.channels', 'GET /api/workspaces/{workspace_id}/channels', 200],
  ['workspace.invite', 'POST /api/workspaces/{workspace_id}/invites', 201],
  ['workspace.invites', 'GET /api/workspaces/{workspace_id}/invites', 200],
  ['workspace.revokeInvite', 'DELETE /api/workspaces/{workspace_id}/invites/{invite_id}', 204],
  ['workspace.claims', 'GET /api/workspaces/{workspace_id}/claims', 200],
  ['workspace.claim', 'POST /api/workspaces/{workspace_id}/claims', 204],
  ['workspace.decideClaim', 'POST /api/workspaces/{workspace_id}/claims/{user_id}', 204],
  ['workspace.acceptInvite', 'POST /api/invites/accept', 200],
  ['chat.list', 'GET /api/chats', 200],
  ['chat.create', 'POST /api/chats', 201],
  ['chat.get', 'GET /api/chats/{chat_id}', 200],
  ['chat.update', 'PUT /api/chats/{chat_id}', 200],
  ['chat.archive', 'POST /api/chats/{chat_id}/archive', 200],
  ['chat.unarchive', 'POST /api/chats/{chat_id}/unarchive', 200],
  ['chat.delete', 'DELETE /api/chats/{chat_id}', 204],
  ['chat.members', 'GET /api/chats/{chat_id}/members', 200],
  ['chat.addMembers', 'POST /api/chats/{chat_id}/members', 200],
  ['chat.setRole', 'PATCH /api/chats/{chat_id}/members/{user_id}', 200],
  ['chat.removeMember', 'DELETE /api/chats/{chat_id}/members/{user_id}', 204],
  ['chat.join', 'POST /api/chats/{chat_id}/join', 200],
  ['chat.leave', 'POST /api/chats/{chat_id}/leave', 204],
  ['chat.pins', 'GET /api/chats/{chat_id}/pins', 200],
  ['chat.markRead', 'POST /api/chats/{chat_id}/read', 200],
  ['chat.setTyping', 'POST /api/chats/{chat_id}/typing', 204],
  ['chat.setNotifications', 'PATCH /api/chats/{chat_id}/notifications', 200],
  ['chat.markUnread', 'POST /api/chats/{chat_id}/unread', 200],
  ['message.list', 'GET /api/chats/{chat_id}/messages', 200],
  ['message.search', 'GET /api/workspaces/{workspace_id}/search', 200],
  ['message.get', 'GET /api/chats/{chat_id}/messages/{message_id}', 200],
  ['message.send', 'POST /api/chats/{chat_id}/messages', 201],
  ['message.edit', 'PATCH /api/chats/{chat_id}/messages/{message_id}', 200],
  ['message.delete', 'DELETE /api/chats/{chat_id}/messages/{message_id}', 204],
  ['message.react', 'PUT /api/chats/{chat_id}/messages/{message_id}/reactions/{emoji}', 200],
  ['message.unreact', 'DELETE /api/chats/{chat_id}/messages/{message_id}/reactions/{emoji}', 200],
  ['thread.list', 'GET /api/workspaces/{workspace_id}/threads', 200],
  ['thread.get', 'GET /api/chats/{chat_id}/threads/{root_id}', 200],
  ['thread.follow', 'PUT /api/chats/{chat_id}/threads/{root_id}/following', 200],
  ['thread.unfollow', 'DELETE /api/chats/{chat_id}/threads/{root_id}/following', 200],
  ['thread.markRead', 'POST /api/chats/{chat_id}/threads/{root_id}/read', 200],
  ['message.reactors', 'GET /api/chats/{chat_id}/messages/{message_id}/reactions/{emoji}', 200],
  ['message.pin', 'PUT /api/chats/{chat_id}/messages/{message_id}/pin', 200],
  ['message.unpin', 'DELETE /api/chats/{chat_id}/messages/{message_id}/pin', 200],
  ['message.save', 'PUT /api/chats/{chat_id}/messages/{message_id}/saved', 204],
  ['message.unsave', 'DELETE /api/chats/{chat_id}/messages/{message_id}/saved', 204],
  ['message.saved', 'GET /api/saved', 200],
] as const;
const admin = [
  'upsert-user',
  'create-session',
  'suspend-user',
  'reactivate-user',
  'erase-user',
  'upsert-workspace',
  'set-members',
  'upsert-chat',
  'send-message',
];
const open = ['auth.signup', 'auth.signin', 'auth.oidcBegin', 'auth.oidcFinish', 'auth.exchange', 'auth.refresh'];

let app: TestServer;
beforeAll(async () => {
  app = await testServer();
});
afterAll(() => app[Symbol.asyncDispose]());

const anyone = ['auth.providers'];

test('the document has the routes of the contract', async () => {
  const { paths } = await documentOf(app.url);
  const documented = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { operationId, responses }]) => [
      operationId,
      `${method.toUpperCase()} ${path}`,
      Number(Object.keys(responses).find((status) => status.startsWith('2'))),
    ]),
  );
  expect(documented).toEqual(expect.arrayContaining(table.map((row) => [...row])));
  expect(documented).toEqual(
    expect.arrayContaining([
      ['file.putPart', 'PUT /api/files/{file_id}/parts/{n}', 204],
      ['file.upload', 'POST /api/chats/{chat_id}/files', 201],
      ['file.download', 'GET /f/{file_id}', 200],
    ]),
  );
});

describe('a route', () => {
  test.each(table.filter(([procedure]) => !anyone.includes(procedure)))(
    '%s is %s, and its authorisation is the procedure’s own',
    async (procedure, route) => {
      const call = await restCaller(app.url);
      const target = route.replaceAll(/\{\w+\}/g, '0198f0e2-7c1a-7000-8000-000000000001') as `POST /${string}`;
      const { status, body } = await call(target);
      const refused = open.includes(procedure) ? [400, 'invalid_input'] : [401, 'not_signed_in'];
      expect([status, (body as { error: { reason: string } }).error.reason]).toEqual(refused);
    },
  );
});

test('procedures for service keys are at /admin, and without a key nothing is found there', async () => {
  const { paths } = await documentOf(app.url);
  const documented = Object.keys(paths).filter((path) => path.startsWith('/api/admin/'));
  expect(documented.toSorted()).toEqual(admin.map((verb) => `/api/admin/${verb}`).toSorted());
  const call = await restCaller(app.url);
  for (const verb of admin) {
    const { status, body } = await call(`POST /api/admin/${verb}`);
    expect([status, (body as { error: { reason: string } }).error.reason]).toEqual([404, 'route_not_found']);
  }
});

test('document and explorer are not served where the operator switched them off, and the routes stay', async () => {
  await using other = await app.another({ FECHATTER_HTTP_DOCS: 'false' });
  const status = async (path: string) => (await fetch(`${other.url}${path}`)).status;
  const paths = ['/docs', '/docs/explorer.js', '/docs/explorer.css', '/openapi.json'];
  expect(await Promise.all(paths.map(status))).toEqual([404, 404, 404, 404]);
  expect(await status('/api/users/me')).toBe(401);
});
