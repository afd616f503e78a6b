import type { AuditEntry } from '@fechatter/contract';
import { afterAll, expect, test } from 'vitest';
import { suspendUser } from '../user/suspend-user.ts';
import { type Person, refusal, testServer } from '../testing/index.ts';

const app = await testServer();
afterAll(() => app[Symbol.asyncDispose]());

/** All pages, the oldest first. */
async function auditOf({ trpc }: Person, workspaceId: string, limit = 100): Promise<AuditEntry[]> {
  const entries: AuditEntry[] = [];
  let cursor: string | undefined;
  do {
    const page = await trpc.workspace.auditLog.query({ workspaceId, limit, ...(cursor !== undefined && { cursor }) });
    entries.push(...page.entries);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return entries.toReversed();
}
const brief = ({ action, actorId, userId, details }: AuditEntry) => ({ action, actorId, userId, details });

test('an Owner reads who did what to whom, and from where', async () => {
  const [ann, ben, cleo] = [await app.signUp('ann'), await app.signUp('ben'), await app.signUp('cleo')];
  const { id: workspaceId } = await ann.trpc.workspace.create.mutate({ name: 'a secret name' });
  const invite = await ann.trpc.workspace.invite.mutate({ workspaceId, role: 'Admin', maxUses: 2 });
  await ben.trpc.workspace.acceptInvite.mutate({ token: invite.token });
  await ben.trpc.workspace.acceptInvite.mutate({ token: invite.token });
  await cleo.trpc.workspace.acceptInvite.mutate({ token: invite.token });
  await ann.trpc.workspace.revokeInvite.mutate({ workspaceId, inviteId: invite.id });
  await ann.trpc.workspace.update.mutate({ workspaceId, name: 'another secret name' });
  await ann.trpc.workspace.setRole.mutate({ workspaceId, userId: cleo.id, role: 'Member' });
  const group = { workspaceId, chatType: 'Group' as const, name: 'a chat', memberIds: [ben.id] };
  const { id: chatId } = await ann.trpc.chat.create.mutate(group);
  for (const name of ['a secret of theirs', 'a secret of theirs']) await ann.trpc.chat.update.mutate({ chatId, name });
  await ann.trpc.chat.addMembers.mutate({ chatId, userIds: [ben.id, cleo.id] });
  await ann.trpc.chat.setRole.mutate({ chatId, userId: ben.id, role: 'Admin' });
  const own = await ben.trpc.message.send.mutate({ chatId, content: 'mine' });
  await ben.trpc.message.delete.mutate({ chatId, messageId: own.id });
  const { id: messageId } = await cleo.trpc.message.send.mutate({ chatId, content: 'hers' });
  await ben.trpc.message.delete.mutate({ chatId, messageId });
  await ben.trpc.chat.removeMember.mutate({ chatId, userId: cleo.id });
  await ann.trpc.chat.delete.mutate({ chatId });
  const channel = await ann.trpc.chat.create.mutate({ ...group, chatType: 'PublicChannel', memberIds: [] });
  for (const join of [ben.trpc.chat.join, ben.trpc.chat.join]) await join.mutate({ chatId: channel.id });
  for (const leave of [ben.trpc.chat.leave, ben.trpc.chat.leave]) await leave.mutate({ chatId: channel.id });
  await ben.trpc.chat.create.mutate({ ...group, chatType: 'Single', memberIds: [ann.id] });
  await ben.trpc.workspace.removeMember.mutate({ workspaceId, userId: cleo.id });
  await ben.trpc.workspace.leave.mutate({ workspaceId });

  const entries = await auditOf(ann, workspaceId);
  expect(entries.map(brief)).toEqual([
    { action: 'workspace.created', actorId: ann.id, userId: null, details: {} },
    { action: 'invite.created', actorId: ann.id, userId: null, details: { inviteId: invite.id, role: 'Admin' } },
    ...[ben, cleo].map(({ id }) => ({
      action: 'workspace.memberJoined',
      actorId: id,
      userId: id,
      details: { inviteId: invite.id, role: 'Admin' },
    })),
    { action: 'invite.revoked', actorId: ann.id, userId: null, details: { inviteId: invite.id } },
    { action: 'workspace.updated', actorId: ann.id, userId: null, details: {} },
    {
      action: 'workspace.roleChanged',
      actorId: ann.id,
      userId: cleo.id,
      details: { role: 'Member', roleBefore: 'Admin' },
    },
    { action: 'chat.created', actorId: ann.id, userId: null, details: { chatId, chatType: 'Group' } },
    { action: 'chat.memberAdded', actorId: ann.id, userId: ben.id, details: { chatId } },
    { action: 'chat.renamed', actorId: ann.id, userId: null, details: { chatId } },
    { action: 'chat.memberAdded', actorId: ann.id, userId: cleo.id, details: { chatId } },
    {
      action: 'chat.roleChanged',
      actorId: ann.id,
      userId: ben.id,
      details: { chatId, role: 'Admin', roleBefore: 'Member' },
    },
    { action: 'message.deleted', actorId: ben.id, userId: cleo.id, details: { chatId, messageId } },
    { action: 'chat.memberRemoved', actorId: ben.id, userId: cleo.id, details: { chatId, role: 'Member' } },
    { action: 'chat.deleted', actorId: ann.id, userId: null, details: { chatId } },
    {
      action: 'chat.created',
      actorId: ann.id,
      userId: null,
      details: { chatId: channel.id, chatType: 'PublicChannel' },
    },
    { action: 'chat.memberJoined', actorId: ben.id, userId: ben.id, details: { chatId: channel.id } },
    { action: 'chat.memberLeft', actorId: ben.id, userId: ben.id, details: { chatId: channel.id, role: 'Member' } },
    { action: 'workspace.memberRemoved', actorId: ben.id, userId: cleo.id, details: { role: 'Member' } },
    { action: 'workspace.memberLeft', actorId: ben.id, userId: ben.id, details: {} },
  ]);
  for (const { address, requestId } of entries) {
    expect(address).toBe('127.0.0.1');
    expect(requestId).toMatch(/^[\w.:-]{8,}$/);
  }
  const stored = await app.database.query<{ line: string }>('select row_to_json(a)::text as line from audit_log a');
  for (const { line } of stored) expect(line).not.toMatch(/secret|@example\.com|mine|hers/);
  expect(await auditOf(ann, workspaceId, 4)).toEqual(entries);
  const page = await ann.trpc.workspace.auditLog.query({ workspaceId, limit: 4 });
  expect(page.entries).toEqual(entries.slice(-4).toReversed());
});

test('actions on an account are shown for the time of the membership, and only there', async () => {
  const { dora, emil, workspace } = await app.workspaceOf('dora', 'emil');
  const elsewhere = await app.workspaceOf('fred');
  await app.anonymous.auth.signin.mutate({ email: emil.email, password: emil.password });
  await refusal(app.anonymous.auth.signin.mutate({ email: emil.email, password: 'a guess' }));
  await refusal(app.anonymous.auth.signin.mutate({ email: 'nobody@example.com', password: 'a guess' }));
  await app.deps.failedSignIns.settled();
  const wrong = { currentPassword: 'a guess', newPassword: 'another password' };
  await refusal(emil.trpc.auth.changePassword.mutate(wrong));
  await refusal(emil.trpc.user.erase.mutate({ password: 'a guess', confirmation: 'erase' }));
  const change = { currentPassword: emil.password, newPassword: 'another password' };
  await emil.trpc.auth.changePassword.mutate(change);
  await suspendUser(app.deps, emil.id);
  await refusal(app.anonymous.auth.signin.mutate({ email: emil.email, password: change.newPassword }));
  await app.deps.failedSignIns.settled();
  const entries = (await auditOf(dora, workspace.id)).filter(({ action }) => action.startsWith('account.'));
  expect(entries.map(brief)).toEqual([
    { action: 'account.signedIn', actorId: emil.id, userId: emil.id, details: {} },
    { action: 'account.signInFailed', actorId: null, userId: emil.id, details: {} },
    { action: 'account.reauthenticationFailed', actorId: emil.id, userId: emil.id, details: {} },
    { action: 'account.reauthenticationFailed', actorId: emil.id, userId: emil.id, details: {} },
    { action: 'account.passwordChanged', actorId: emil.id, userId: emil.id, details: {} },
    { action: 'account.sessionsRevoked', actorId: emil.id, userId: emil.id, details: {} },
    { action: 'account.suspended', actorId: null, userId: emil.id, details: {} },
    { action: 'account.sessionsRevoked', actorId: null, userId: emil.id, details: {} },
    { action: 'account.signInFailed', actorId: null, userId: emil.id, details: {} },
  ]);
  for (const { address, requestId } of entries) expect([address, requestId]).toEqual([null, null]);
  const other = await auditOf(elsewhere.fred, elsewhere.workspace.id);
  expect(other.map(({ action }) => action)).toEqual(['workspace.created']);

  await dora.trpc.workspace.removeMember.mutate({ workspaceId: workspace.id, userId: emil.id });
  await refusal(app.anonymous.auth.signin.mutate({ email: emil.email, password: 'a guess' }));
  await app.deps.failedSignIns.settled();
  expect((await auditOf(dora, workspace.id)).at(-1)).toMatchObject({ action: 'workspace.memberRemoved' });
});

test('a sign-in is one line, whatever workspaces the person is in, and each of them shows it', async () => {
  const joan = await app.signUp('joan');
  const spaces = [];
  for (const name of ['a', 'b', 'c']) spaces.push(await joan.trpc.workspace.create.mutate({ name }));
  const before = await app.database.query('select id from audit_log');
  await app.anonymous.auth.signin.mutate({ email: joan.email, password: joan.password });
  const lines = await app.database.query<{ id: string }>('select id from audit_log');
  expect(lines).toHaveLength(before.length + 1);
  const shown = await Promise.all(spaces.map(({ id }) => auditOf(joan, id)));
  for (const entries of shown) expect(entries.at(-1)).toMatchObject({ action: 'account.signedIn', actorId: joan.id });
  expect(new Set(shown.map((entries) => entries.at(-1)?.id)).size).toBe(1);
});

test('only an Owner reads the log', async () => {
  const { gina, hugo, workspace } = await app.workspaceOf('gina', 'hugo');
  const stranger = await app.signUp('stranger');
  const workspaceId = workspace.id;
  await gina.trpc.workspace.setRole.mutate({ workspaceId, userId: hugo.id, role: 'Admin' });
  const asked = (person: Person) => refusal(person.trpc.workspace.auditLog.query({ workspaceId }));
  expect(await asked(hugo)).toMatchObject({ reason: 'role_too_low' });
  expect(await asked(stranger)).toMatchObject({ reason: 'workspace_not_found' });
  const cursor = (await gina.trpc.workspace.members.query({ workspaceId, limit: 1 })).nextCursor ?? '';
  expect(await refusal(gina.trpc.workspace.auditLog.query({ workspaceId, cursor }))).toMatchObject({
    reason: 'invalid_cursor',
  });
  await gina.trpc.workspace.delete.mutate({ workspaceId });
  expect(await asked(gina)).toMatchObject({ reason: 'workspace_not_found' });
});

test('refused calls are not in the log', async () => {
  const { iris, workspace } = await app.workspaceOf('iris');
  const workspaceId = workspace.id;
  const before = await auditOf(iris, workspaceId);
  await refusal(iris.trpc.workspace.leave.mutate({ workspaceId }));
  await refusal(iris.trpc.workspace.setRole.mutate({ workspaceId, userId: iris.id, role: 'Member' }));
  // The log rejects the row, after everything else was written.
  await app.database.query(`alter table event_log add constraint refuses check (code <> 20) not valid`);
  await refusal(iris.trpc.workspace.update.mutate({ workspaceId, name: 'never' }));
  await app.database.query(`alter table event_log drop constraint refuses`);
  expect(await auditOf(iris, workspaceId)).toEqual(before);
});

test('successions of Owners, and what ends with a role, are logged with the actor', async () => {
  const { kate, liam, mona, workspace } = await app.workspaceOf('kate', 'liam', 'mona');
  const workspaceId = workspace.id;
  const group = { workspaceId, chatType: 'Group' as const, name: 'a chat', memberIds: [mona.id] };
  const { id: chatId } = await liam.trpc.chat.create.mutate(group);
  await kate.trpc.workspace.setRole.mutate({ workspaceId, userId: liam.id, role: 'Admin' });
  const { id: inviteId } = await liam.trpc.workspace.invite.mutate({ workspaceId, role: 'Member' });
  const before = (await auditOf(kate, workspaceId)).length;
  await kate.trpc.workspace.setRole.mutate({ workspaceId, userId: liam.id, role: 'Member' });
  await kate.trpc.workspace.removeMember.mutate({ workspaceId, userId: liam.id });
  expect((await auditOf(kate, workspaceId)).slice(before).map(brief)).toEqual([
    {
      action: 'workspace.roleChanged',
      actorId: kate.id,
      userId: liam.id,
      details: { role: 'Member', roleBefore: 'Admin' },
    },
    { action: 'invite.revoked', actorId: kate.id, userId: liam.id, details: { inviteId, role: 'Member' } },
    {
      action: 'chat.roleChanged',
      actorId: kate.id,
      userId: mona.id,
      details: { chatId, role: 'Owner', roleBefore: 'Member' },
    },
    { action: 'workspace.memberRemoved', actorId: kate.id, userId: liam.id, details: { role: 'Member' } },
  ]);
});
