import { groupOfPermission, type Permission } from '@fechatter/contract';
import { until } from '@fechatter/testing/until';
import type { AnyTRPCProcedure, AnyTRPCRouter } from '@trpc/server';
import superjson from 'superjson';
import { afterAll, expect, test } from 'vitest';
import type { Meta } from '../procedures.ts';
import { appRouter } from '../router.ts';
import { refusal, testServer } from '../testing/index.ts';
import { reinstateUser, suspendUser } from '../user/suspend-user.ts';

const app = await testServer();
afterAll(() => app[Symbol.asyncDispose]());
const { alice, bob, chat, workspace } = await app.chatOf('alice', 'bob');
/** What a loaded machine may take on top of the two seconds. */
const SLOW_MS = 28_000;
const all = ['read', 'write', 'manage'] as const;
const { workspaceId, chatId } = { workspaceId: workspace.id, chatId: chat.id };

const withKey = (apiKey: string, url = app) => url.client({ authorization: `Bearer ${apiKey}` });
const botWith = (scopes: Parameters<typeof alice.trpc.bot.create.mutate>[0]['scopes'] = [...all]) =>
  alice.trpc.bot.create.mutate({ workspaceId, name: 'echo', scopes });
const hasEnded = (apiKey: string, at = app) =>
  until(
    () =>
      withKey(apiKey, at)
        .user.me.query()
        .then(
          () => false,
          () => true,
        ),
    'the key has ended',
    2_000 + SLOW_MS,
  );
const inChat = (userId: string) => alice.trpc.chat.addMembers.mutate({ chatId, userIds: [userId] });

test('a new bot is a Member of its workspace and of no chat, and says what it is', async () => {
  const { bot, apiKey } = await botWith(['read', 'message.send']);
  expect(bot).toMatchObject({ name: 'echo', workspaceId, createdBy: alice.id, scopes: ['read', 'message.send'] });
  const echo = withKey(apiKey);
  expect(await echo.user.me.query()).toMatchObject({ id: bot.id, kind: 'Bot', email: null });
  expect((await echo.workspace.list.query()).workspaces).toMatchObject([{ id: workspaceId, role: 'Member' }]);
  expect((await echo.chat.list.query()).chats).toEqual([]);
  expect(await refusal(echo.message.send.mutate({ chatId, content: 'too early' }))).toMatchObject({
    reason: 'chat_not_found',
  });
  await inChat(bot.id);
  const sent = await echo.message.send.mutate({ chatId, content: 'hello' });
  expect(sent.sender).toMatchObject({ id: bot.id, kind: 'Bot' });
  const { messages } = await bob.trpc.message.list.query({ chatId });
  expect(messages.map(({ sender }) => sender.kind)).toEqual(['Bot']);
  expect(await refusal(echo.message.delete.mutate({ chatId, messageId: sent.id }))).toMatchObject({
    reason: 'scope_missing',
  });
  const stored = JSON.stringify([
    await app.database.query('select * from bots'),
    await app.database.query('select * from sessions'),
  ]);
  expect(stored).not.toContain(apiKey);
});

test('a key opens REST too', async () => {
  const { bot, apiKey } = await botWith(['read']);
  const authorization = `Bearer ${apiKey}`;
  const me = await fetch(`${app.url}/api/users/me`, { headers: { authorization } });
  expect(await me.json()).toMatchObject({ id: bot.id, kind: 'Bot' });
  const upload = await fetch(`${app.url}/api/chats/${chatId}/files?name=x`, {
    method: 'POST',
    headers: { authorization },
    body: 'x',
  });
  expect([upload.status, await upload.json()]).toMatchObject([403, { error: { reason: 'scope_missing' } }]);
});

test('only Admins and Owners manage bots, and outsiders cannot tell whether there is one', async () => {
  const { bot } = await botWith();
  const stranger = await app.signUp('stranger');
  const ref = { botId: bot.id };
  expect(await refusal(bob.trpc.bot.create.mutate({ workspaceId, name: 'x', scopes: ['read'] }))).toMatchObject({
    reason: 'role_too_low',
  });
  expect(await refusal(bob.trpc.bot.list.query({ workspaceId }))).toMatchObject({ reason: 'role_too_low' });
  for (const [person, reason] of [
    [bob, 'role_too_low'],
    [stranger, 'bot_not_found'],
  ] as const) {
    expect(await refusal(person.trpc.bot.update.mutate({ ...ref, name: '' }))).toMatchObject({ reason });
    expect(await refusal(person.trpc.bot.rotateKey.mutate(ref))).toMatchObject({ reason });
    expect(await refusal(person.trpc.bot.delete.mutate(ref))).toMatchObject({ reason });
  }
});

test('its role does not change, and it never becomes an Owner', async () => {
  const { bot } = await botWith();
  await inChat(bot.id);
  const fixed = { reason: 'bots_are_members' };
  const role = 'Admin' as const;
  expect(await refusal(alice.trpc.workspace.setRole.mutate({ workspaceId, userId: bot.id, role }))).toMatchObject(
    fixed,
  );
  expect(await refusal(alice.trpc.chat.setRole.mutate({ chatId, userId: bot.id, role }))).toMatchObject(fixed);
  const carol = await app.signUp('carol');
  const { token } = await alice.trpc.workspace.invite.mutate({ workspaceId, role: 'Member' });
  await carol.trpc.workspace.acceptInvite.mutate({ token });
  const memberIds = [bot.id];
  const { id } = await carol.trpc.chat.create.mutate({ name: 'g', chatType: 'Group', workspaceId, memberIds });
  await carol.trpc.chat.addMembers.mutate({ chatId: id, userIds: [alice.id] });
  await carol.trpc.workspace.leave.mutate({ workspaceId });
  const { members } = await alice.trpc.chat.members.query({ chatId: id });
  const byKind = Object.fromEntries(members.map(({ user, role }) => [user.kind, role]));
  expect(byKind).toEqual({ Bot: 'Member', Person: 'Owner' });
});

test('scopes are cut to what their maker may do', async () => {
  await alice.trpc.workspace.setRole.mutate({ workspaceId, userId: bob.id, role: 'Admin' });
  const make = { workspaceId, name: 'x', scopes: ['workspace.setRetention', 'manage', 'read', 'read'] } as const;
  const { bot } = await bob.trpc.bot.create.mutate({ ...make, scopes: [...make.scopes] });
  expect(bot.scopes).toContain('workspace.invite');
  expect(bot.scopes).toContain('read');
  expect(bot.scopes).not.toContain('manage');
  expect(bot.scopes).not.toContain('workspace.setRetention');
  const byOwner = await alice.trpc.bot.update.mutate({ botId: bot.id, scopes: ['manage'] });
  expect(byOwner.scopes).toEqual(['manage']);
  const renamed = await bob.trpc.bot.update.mutate({ botId: bot.id, name: 'renamed' });
  expect(renamed).toMatchObject({ name: 'renamed', scopes: ['manage'] });
  await alice.trpc.workspace.setRole.mutate({ workspaceId, userId: bob.id, role: 'Member' });
});

test('a replaced or deleted key is over on every server within two seconds', async () => {
  await using other = await app.another();
  const { bot, apiKey } = await botWith();
  expect(await withKey(apiKey, other).user.me.query()).toMatchObject({ id: bot.id });
  const { apiKey: next } = await alice.trpc.bot.rotateKey.mutate({ botId: bot.id });
  expect(await refusal(withKey(apiKey).user.me.query())).toMatchObject({ code: 'UNAUTHORIZED' });
  await hasEnded(apiKey, other);
  expect(await withKey(next, other).user.me.query()).toMatchObject({ id: bot.id });
  await alice.trpc.bot.delete.mutate({ botId: bot.id });
  await hasEnded(next, other);
  const { bots } = await alice.trpc.bot.list.query({ workspaceId });
  expect(bots.map(({ id }) => id)).not.toContain(bot.id);
  expect(await refusal(alice.trpc.bot.rotateKey.mutate({ botId: bot.id }))).toMatchObject({ reason: 'bot_not_found' });
});

test('a suspended bot gets no new key, and a suspended person makes none', async () => {
  const { bot } = await botWith();
  const rotate = () => alice.trpc.bot.rotateKey.mutate({ botId: bot.id });
  await suspendUser(app.deps, bot.id);
  expect(await refusal(rotate())).toMatchObject({ reason: 'account_suspended' });
  await reinstateUser(app.deps, bot.id);
  const { apiKey } = await rotate();
  expect(await withKey(apiKey).user.me.query()).toMatchObject({ id: bot.id });
  // As another server sees it until it knows that the session has ended.
  await app.database.query(`update users set status = 'Suspended' where id = $1`, [alice.id]);
  expect(await refusal(rotate())).toMatchObject({ reason: 'session_revoked' });
  await app.database.query(`update users set status = 'Active' where id = $1`, [alice.id]);
});

test('a workspace creates 200 bots a day, those included that it deletes', async () => {
  const { owner, workspace: other } = await app.chatOf('owner', 'friend');
  const make = () => owner.trpc.bot.create.mutate({ workspaceId: other.id, name: 'b', scopes: ['read'] });
  const { bot } = await make();
  await app.database.query(
    `with people as (
       insert into users (id, kind, holds_email, full_name, password_hash)
       select gen_random_uuid(), 'Bot', false, 'b', 'none' from generate_series(1, 199) returning id)
     insert into bots (user_id, workspace_id, created_by, scopes, session_id, token_hash, deleted_at)
     select id, $1, $2, '{read}', gen_random_uuid(), '\\x00', now() from people`,
    [other.id, owner.id],
  );
  expect(await refusal(make())).toMatchObject({ reason: 'quota_exceeded' });
  const { bots } = await owner.trpc.bot.list.query({ workspaceId: other.id });
  expect(bots.map(({ id }) => id)).toEqual([bot.id]);
  await app.database.query(`update bots set created_at = now() - interval '2 days' where deleted_at is not null`);
  await make();
});

test('removing a bot from its workspace ends its key', async () => {
  const { bot, apiKey } = await botWith();
  await alice.trpc.workspace.removeMember.mutate({ workspaceId, userId: bot.id });
  await hasEnded(apiKey);
});

test('the audit log has it all', async () => {
  const { bot } = await botWith();
  await alice.trpc.bot.update.mutate({ botId: bot.id, name: 'other' });
  await alice.trpc.bot.rotateKey.mutate({ botId: bot.id });
  await alice.trpc.bot.delete.mutate({ botId: bot.id });
  const { entries } = await alice.trpc.workspace.auditLog.query({ workspaceId });
  const own = entries.filter(({ userId, action }) => userId === bot.id && action.startsWith('bot.'));
  expect(own.map(({ action, actorId }) => [action, actorId])).toEqual(
    ['bot.deleted', 'bot.keyRotated', 'bot.updated', 'bot.created'].map((action) => [action, alice.id]),
  );
});

/** By path; the router's type shows them as a tree. */
const declared = (appRouter as AnyTRPCRouter)._def.procedures as Readonly<Record<string, AnyTRPCProcedure>>;

/** What a bot can call although the procedure itself needs no permission, or a wider one. */
const byKeyPermission: Readonly<Record<string, Permission>> = {
  'user.me': 'workspace.read',
  'user.get': 'workspace.read',
  'user.presence': 'workspace.read',
  'workspace.list': 'workspace.read',
  'workspace.get': 'workspace.read',
  'chat.list': 'chat.read',
  'chat.get': 'chat.read',
  'message.save': 'chat.markRead',
  'message.unsave': 'chat.markRead',
  'message.saved': 'chat.read',
  'file.ticket': 'chat.read',
  'file.finish': 'message.send',
  'file.status': 'message.send',
  'file.cancel': 'message.send',
};

test('a key with every scope opens nothing of an account, an export or the management of bots', async () => {
  const { bot, apiKey } = await botWith();
  await inChat(bot.id);
  const procedures = Object.entries(declared).map(([path, { _def }]) => {
    const { type } = _def;
    const meta = _def.meta as Meta;
    const permission = meta.keyPermission ?? meta.permission;
    const isClosed = permission === undefined || groupOfPermission[permission] === null;
    return { path, type, meta, isOpen: meta.cost === undefined, isClosed };
  });
  expect(
    Object.fromEntries(
      procedures.flatMap(({ path, meta }) => (meta.keyPermission ? [[path, meta.keyPermission]] : [])),
    ),
  ).toEqual(byKeyPermission);
  const authorization = `Bearer ${apiKey}`;
  const input = JSON.stringify(superjson.serialize({}));
  const reasons = new Map<string, string>();
  for (const { path, type } of procedures.filter(({ isOpen, isClosed }) => !isOpen && isClosed)) {
    const url = `${app.url}/trpc/${path}`;
    const response =
      type === 'query'
        ? await fetch(`${url}?input=${encodeURIComponent(input)}`, { headers: { authorization } })
        : await fetch(url, {
            method: 'POST',
            headers: { authorization, 'content-type': 'application/json' },
            body: input,
          });
    const { error } = (await response.json()) as { error?: { json: { data: { reason: string } } } };
    reasons.set(path, error?.json.data.reason ?? 'ok');
  }
  expect([...reasons].filter(([, reason]) => reason !== 'scope_missing')).toEqual([]);
  for (const path of [
    'auth.changePassword',
    'auth.sessions',
    'auth.totpBegin',
    'user.export',
    'user.erase',
    'bot.create',
  ])
    expect(reasons.has(path)).toBe(true);
  for (const path of ['workspace.export', 'workspace.create', 'workspace.acceptInvite', 'chat.create', 'user.update'])
    expect(reasons.has(path)).toBe(true);
  expect([...reasons.keys()].filter((path) => path.startsWith('message.'))).toEqual([]);
});
