import { createAdmin } from '@fechatter/client';
import { readState, type State } from '@fechatter/client/state';
import { ServiceScope } from '@fechatter/contract';
import { createServiceKey, procedures } from '@fechatter/server';
import { afterAll, describe, expect, test } from 'vitest';
import { type Follower, follower } from './follower.ts';
import { PASSWORD, type Person, world } from './world.ts';

// After each mutation, everyone who only applied events has the state of a fresh read. The steps build on each other,
// so that each happens in a realistic history.

const scene = await world();
const [alice, bob, carol] = [await scene.signUp('alice'), await scene.signUp('bob'), await scene.signUp('carol')];
const gina = await scene.signUp('gina');
const people: readonly Person[] = [alice, bob, carol, gina];
const dave = await scene.signUp('dave');
const followers = new Map<Person, Follower>();
for (const person of people) followers.set(person, await follower(person));
afterAll(async () => {
  for (const one of followers.values()) await one[Symbol.asyncDispose]();
  await scene[Symbol.asyncDispose]();
});

const ids: Record<string, string> = {};
const idOf = (name: string) => ids[name] ?? '';
const a = alice.client;
const b = bob.client;
const c = carol.client;
const d = dave.client;
const g = gina.client;
/** Gina is a Guest, in some of the chats. */
const setRole = (person: Person, role: 'Guest' | 'Member' | 'Admin') =>
  a.workspace.setRole.mutate({ workspaceId: idOf('home'), userId: person.id, role });
const invited = { token: '' };
const chatOf = async (
  name: string,
  creator: Person,
  chatType: 'Single' | 'Group' | 'PrivateChannel' | 'PublicChannel',
  ...members: Person[]
) => {
  const input = { name, chatType, workspaceId: idOf('home'), memberIds: members.map(({ id }) => id) };
  ids[name] = (await creator.client.chat.create.mutate(input)).id;
};
const say = async (name: string, sender: Person, chat: string) => {
  ids[name] = (await sender.client.message.send.mutate({ chatId: idOf(chat), content: name })).id;
};
const answer = async (name: string, sender: Person, chat: string, to: string) => {
  const input = { chatId: idOf(chat), content: name, threadId: idOf(to) };
  ids[name] = (await sender.client.message.send.mutate(input)).id;
};
const root = (chat: string, message: string) => ({ chatId: idOf(chat), rootId: idOf(message) });
const mention = async (name: string, sender: Person, chat: string, content: string) => {
  ids[name] = (await sender.client.message.send.mutate({ chatId: idOf(chat), content })).id;
};
const ref = (chat: string, message: string) => ({ chatId: idOf(chat), messageId: idOf(message) });

const { key } = await createServiceKey(scene.serverDeps.db, {
  name: 'app',
  issuer: 'app',
  scopes: ServiceScope.options,
});
const app = createAdmin({ serverUrl: scene.serverUrl, serviceKey: key });
for (const { id, name } of people)
  await scene.database.query(
    `insert into identities (id, user_id, issuer, subject) values (gen_random_uuid(), $1, 'app', $2)`,
    [id, name],
  );
type Named<R> = readonly [externalId: string, role: R];
const listed = <R>(members: readonly Named<R>[]) => members.map(([externalId, role]) => ({ externalId, role }));
const atDesk = (...members: Named<'Guest' | 'Member' | 'Owner'>[]) =>
  app.setMembers.mutate({ workspace: 'desk', members: listed(members), mode: 'replace' });
const ticket = (name: string, ...members: Named<'Member' | 'Admin' | 'Owner'>[]) => {
  const chat = { externalId: 'ticket', workspace: 'desk', name, chatType: 'Group' as const };
  return app.upsertChat.mutate({ ...chat, members: listed(members), mode: 'replace' });
};

const steps: readonly (readonly [path: string, what: string, step: () => Promise<unknown>])[] = [
  ['workspace.create', '', async () => (ids.home = (await a.workspace.create.mutate({ name: 'Home' })).id)],
  [
    'workspace.invite',
    '',
    async () => {
      const input = { workspaceId: idOf('home'), role: 'Member' as const, maxUses: 10 };
      ({ token: invited.token, id: ids.invite = '' } = await a.workspace.invite.mutate(input));
    },
  ],
  ['workspace.acceptInvite', 'bob', () => b.workspace.acceptInvite.mutate({ token: invited.token })],
  ['workspace.acceptInvite', 'carol', () => c.workspace.acceptInvite.mutate({ token: invited.token })],
  ['workspace.acceptInvite', 'carol again', () => c.workspace.acceptInvite.mutate({ token: invited.token })],
  [
    'workspace.update',
    '',
    () => a.workspace.update.mutate({ workspaceId: idOf('home'), name: 'House', description: 'ours' }),
  ],
  ['workspace.setRetention', '', () => a.workspace.setRetention.mutate({ workspaceId: idOf('home'), days: 30 })],
  [
    'workspace.setRole',
    '',
    () => a.workspace.setRole.mutate({ workspaceId: idOf('home'), userId: bob.id, role: 'Admin' }),
  ],
  [
    'workspace.invite',
    'a Guest',
    async () => {
      const input = { workspaceId: idOf('home'), role: 'Guest' as const };
      ({ token: invited.token } = await a.workspace.invite.mutate(input));
    },
  ],
  ['workspace.acceptInvite', 'gina, a Guest', () => g.workspace.acceptInvite.mutate({ token: invited.token })],
  ['chat.create', 'a group', () => chatOf('group', alice, 'Group', bob, carol)],
  ['chat.create', 'with a Guest', () => chatOf('support', bob, 'Group', gina)],
  ['user.update', 'of a stranger to the Guest', () => c.user.update.mutate({ fullName: 'Caroline' })],
  ['user.update', 'of the Guest', () => g.user.update.mutate({ fullName: 'Gigi' })],
  ['workspace.setRole', 'of a person of the Guest’s chat', () => setRole(bob, 'Member')],
  ['workspace.setRole', 'back', () => setRole(bob, 'Admin')],
  ['chat.addMembers', 'a stranger', () => b.chat.addMembers.mutate({ chatId: idOf('support'), userIds: [carol.id] })],
  ['user.update', 'of who is a stranger no more', () => c.user.update.mutate({ fullName: 'Carol' })],
  ['chat.leave', 'the Guest’s chat', () => c.chat.leave.mutate({ chatId: idOf('support') })],
  [
    'message.send',
    'with a file',
    async () => {
      const { fileId } = await c.file.begin.mutate({ chatId: idOf('group'), name: 'a file', size: 0 });
      await c.file.finish.mutate({ fileId });
      await c.message.send.mutate({ chatId: idOf('group'), content: '', fileIds: [fileId] });
    },
  ],
  ['message.send', 'by a Guest', () => say('help', gina, 'support')],
  ['chat.create', 'a private channel', () => chatOf('private', bob, 'PrivateChannel', alice)],
  ['chat.create', 'a public channel', () => chatOf('public', alice, 'PublicChannel')],
  ['chat.create', 'a Single chat', () => chatOf('single', alice, 'Single', bob)],
  ['chat.create', 'the same Single chat', () => chatOf('single', bob, 'Single', alice)],
  ['chat.addMembers', 'a Guest', () => a.chat.addMembers.mutate({ chatId: idOf('public'), userIds: [gina.id] })],
  ['workspace.setRole', 'a Guest to Member', () => setRole(gina, 'Member')],
  ['user.update', 'of anybody', () => c.user.update.mutate({ fullName: 'Caroline' })],
  ['workspace.setRole', 'a Member to Guest', () => setRole(gina, 'Guest')],
  ['user.update', 'of a stranger again', () => c.user.update.mutate({ fullName: 'Carol' })],
  ['message.send', 'the first', () => say('hello', alice, 'group')],
  ['message.send', 'an answer', () => say('hi', bob, 'group')],
  ['message.send', 'in private', () => say('psst', bob, 'single')],
  [
    'message.send',
    'with a quote and data',
    () => b.message.send.mutate({ chatId: idOf('group'), content: 'so', quotedId: idOf('hello'), data: '{"poll":1}' }),
  ],
  ['message.edit', 'an older one', () => a.message.edit.mutate({ ...ref('group', 'hello'), content: 'hello!' })],
  ['message.edit', 'the newest', () => b.message.edit.mutate({ ...ref('group', 'hi'), content: 'hi!' })],
  ['message.edit', 'mentions', () => a.message.edit.mutate({ ...ref('group', 'hello'), content: `<@${carol.id}>` })],
  ['message.send', 'to everyone', () => mention('all', bob, 'group', '<!everyone>')],
  ['message.send', 'to a stranger', () => mention('stranger', bob, 'group', `<@${dave.id}>`)],
  ['message.send', 'mentions', () => mention('two', bob, 'group', `<@${alice.id}> <@${carol.id}>`)],
  [
    'message.edit',
    'other mentions',
    () => b.message.edit.mutate({ ...ref('group', 'two'), content: `<@${carol.id}>` }),
  ],
  ['message.delete', 'one with mentions', () => b.message.delete.mutate(ref('group', 'all'))],
  ['chat.markRead', 'up to a mention', () => c.chat.markRead.mutate({ chatId: idOf('group'), number: 1 })],
  ['chat.markUnread', 'before it', () => c.chat.markUnread.mutate(ref('group', 'hello'))],
  ['message.react', 'to the newest', () => a.message.react.mutate({ ...ref('group', 'hi'), emoji: '👍' })],
  ['message.react', 'again', () => a.message.react.mutate({ ...ref('group', 'hi'), emoji: '👍' })],
  ['message.react', 'to an older one', () => c.message.react.mutate({ ...ref('group', 'hello'), emoji: '❤' })],
  ['message.unreact', '', () => a.message.unreact.mutate({ ...ref('group', 'hi'), emoji: '👍' })],
  ['message.pin', 'the newest', () => b.message.pin.mutate(ref('group', 'hi'))],
  ['message.pin', 'again', () => a.message.pin.mutate(ref('group', 'hi'))],
  ['message.pin', 'an older one', () => a.message.pin.mutate(ref('group', 'hello'))],
  ['message.save', '', () => c.message.save.mutate(ref('group', 'hello'))],
  ['message.unsave', '', () => c.message.unsave.mutate(ref('group', 'hello'))],
  ['message.unpin', '', () => b.message.unpin.mutate(ref('group', 'hello'))],
  ['chat.markRead', '', () => c.chat.markRead.mutate({ chatId: idOf('group'), seq: 2 })],
  ['chat.markRead', 'back', () => c.chat.markRead.mutate({ chatId: idOf('group'), seq: 1 })],
  ['chat.markUnread', '', () => c.chat.markUnread.mutate(ref('group', 'hello'))],
  ['chat.markUnread', 'again', () => c.chat.markUnread.mutate(ref('group', 'hello'))],
  ['chat.markUnread', 'forward', () => c.chat.markUnread.mutate(ref('group', 'hi'))],
  ['chat.markRead', 'after that', () => c.chat.markRead.mutate({ chatId: idOf('group'), number: 2 })],
  ['chat.markUnread', 'with an own message behind', () => a.chat.markUnread.mutate(ref('group', 'hello'))],
  ['message.send', 'a reply', () => answer('yes', bob, 'group', 'hello')],
  ['message.send', 'a reply by the author', () => answer('well', alice, 'group', 'hello')],
  ['message.send', 'a reply to a reply’s root', () => answer('no', carol, 'group', 'hello')],
  ['message.edit', 'a reply', () => c.message.edit.mutate({ ...ref('group', 'no'), content: 'no!' })],
  ['message.react', 'to a reply', () => a.message.react.mutate({ ...ref('group', 'no'), emoji: '👍' })],
  ['thread.markRead', '', () => a.thread.markRead.mutate({ ...root('group', 'hello'), number: 3 })],
  ['thread.unfollow', '', () => b.thread.unfollow.mutate(root('group', 'hello'))],
  ['thread.follow', '', () => b.thread.follow.mutate(root('group', 'hello'))],
  ['message.delete', 'a reply', () => c.message.delete.mutate(ref('group', 'no'))],
  [
    'chat.setNotifications',
    '',
    () => c.chat.setNotifications.mutate({ chatId: idOf('group'), level: 'Mentions', mutedForSeconds: 86_400 }),
  ],
  [
    'chat.setNotifications',
    'the default again',
    () => c.chat.setNotifications.mutate({ chatId: idOf('group'), level: null, mutedForSeconds: null }),
  ],
  ['user.setPreferences', '', () => b.user.setPreferences.mutate({ pushPreviews: true, showPresence: false })],
  ['user.block', '', () => b.user.block.mutate({ userId: carol.id })],
  ['user.block', 'again', () => b.user.block.mutate({ userId: carol.id })],
  ['user.unblock', '', () => b.user.unblock.mutate({ userId: carol.id })],
  ['message.delete', 'the newest', () => b.message.delete.mutate(ref('group', 'hi'))],
  ['message.delete', 'again', () => b.message.delete.mutate(ref('group', 'hi'))],
  ['message.delete', 'an older one', () => a.message.delete.mutate(ref('group', 'hello'))],
  ['chat.join', '', () => c.chat.join.mutate({ chatId: idOf('public') })],
  ['chat.join', 'again', () => c.chat.join.mutate({ chatId: idOf('public') })],
  ['message.send', 'by who joined', () => say('joined', carol, 'public')],
  ['chat.update', '', () => a.chat.update.mutate({ chatId: idOf('public'), name: 'plaza' })],
  ['chat.update', 'a group', () => a.chat.update.mutate({ chatId: idOf('group'), name: 'us' })],
  [
    'chat.update',
    'topic and posters',
    () => a.chat.update.mutate({ chatId: idOf('public'), topic: 'fish', whoPosts: 'Admins' }),
  ],
  ['chat.archive', '', () => a.chat.archive.mutate({ chatId: idOf('group') })],
  ['chat.unarchive', '', () => a.chat.unarchive.mutate({ chatId: idOf('group') })],
  ['chat.update', 'back', () => a.chat.update.mutate({ chatId: idOf('public'), topic: null, whoPosts: 'All' })],
  ['chat.addMembers', '', () => b.chat.addMembers.mutate({ chatId: idOf('private'), userIds: [carol.id, alice.id] })],
  ['chat.setRole', '', () => b.chat.setRole.mutate({ chatId: idOf('private'), userId: carol.id, role: 'Admin' })],
  ['chat.removeMember', '', () => b.chat.removeMember.mutate({ chatId: idOf('private'), userId: carol.id })],
  ['chat.leave', '', () => c.chat.leave.mutate({ chatId: idOf('public') })],
  [
    'chat.addMembers',
    'someone who had left',
    () => a.chat.addMembers.mutate({ chatId: idOf('public'), userIds: [carol.id] }),
  ],
  ['user.update', '', () => b.user.update.mutate({ fullName: 'Bobby' })],
  [
    'workspace.revokeInvite',
    '',
    () => a.workspace.revokeInvite.mutate({ workspaceId: idOf('home'), inviteId: idOf('invite') }),
  ],
  [
    'workspace.leave',
    'the only Owner of a private channel',
    () => b.workspace.leave.mutate({ workspaceId: idOf('home') }),
  ],
  ['message.send', 'after someone left', () => say('alone', alice, 'private')],
  [
    'workspace.invite',
    'again',
    async () => {
      const input = { workspaceId: idOf('home'), role: 'Member' as const, maxUses: 2 };
      ({ token: invited.token } = await a.workspace.invite.mutate(input));
    },
  ],
  ['workspace.acceptInvite', 'bob is back', () => b.workspace.acceptInvite.mutate({ token: invited.token })],
  [
    'workspace.acceptInvite',
    'dave, whom nobody follows',
    () => d.workspace.acceptInvite.mutate({ token: invited.token }),
  ],
  ['chat.addMembers', 'dave', () => a.chat.addMembers.mutate({ chatId: idOf('private'), userIds: [dave.id] })],
  ['message.send', 'by who is erased next', () => say('gone', dave, 'private')],
  ['message.react', 'by who is erased next', () => d.message.react.mutate({ ...ref('private', 'alone'), emoji: '👋' })],
  ['user.erase', '', () => d.user.erase.mutate({ password: PASSWORD, confirmation: 'erase' })],
  ['chat.create', 'the Single chat, opened again', () => chatOf('single', alice, 'Single', bob)],
  [
    'workspace.removeMember',
    '',
    () => a.workspace.removeMember.mutate({ workspaceId: idOf('home'), userId: carol.id }),
  ],
  ['admin.upsertUser', 'a new one', () => app.upsertUser.mutate({ externalId: 'zoe', fullName: 'Zoe' })],
  ['admin.upsertWorkspace', '', () => app.upsertWorkspace.mutate({ externalId: 'desk', name: 'Desk' })],
  ['admin.setMembers', '', () => atDesk(['alice', 'Owner'], ['bob', 'Member'], ['gina', 'Guest'], ['zoe', 'Member'])],
  ['admin.upsertUser', 'another name', () => app.upsertUser.mutate({ externalId: 'zoe', fullName: 'Zoë' })],
  ['admin.upsertWorkspace', 'another name', () => app.upsertWorkspace.mutate({ externalId: 'desk', name: 'Counter' })],
  ['admin.upsertChat', '', () => ticket('Ticket', ['zoe', 'Owner'], ['alice', 'Admin'], ['gina', 'Member'])],
  ['admin.sendMessage', '', () => app.sendMessage.mutate({ as: 'zoe', chat: 'ticket', content: 'Hello' })],
  ['admin.upsertChat', 'others', () => ticket('Case', ['bob', 'Owner'], ['alice', 'Member'])],
  ['admin.suspendUser', '', () => app.suspendUser.mutate({ externalId: 'zoe' })],
  ['admin.reactivateUser', '', () => app.reactivateUser.mutate({ externalId: 'zoe' })],
  ['admin.eraseUser', '', () => app.eraseUser.mutate({ externalId: 'zoe' })],
  ['admin.setMembers', 'others', () => atDesk(['alice', 'Owner'], ['gina', 'Member'])],
  ['chat.delete', 'public', () => a.chat.delete.mutate({ chatId: idOf('public') })],
  ['chat.delete', 'a group', () => a.chat.delete.mutate({ chatId: idOf('group') })],
  ['workspace.delete', '', () => a.workspace.delete.mutate({ workspaceId: idOf('home') })],
  [
    'auth.changePassword',
    '',
    () => a.auth.changePassword.mutate({ currentPassword: PASSWORD, newPassword: `${PASSWORD}!` }),
  ],
];

const withoutState = [
  'chat.setTyping',
  // Until it is sent, a file is nobody's but its uploader's; sending it is a step.
  'file.begin',
  'file.finish',
  'file.cancel',
  'file.ticket',
  'user.setActivity',
  'user.setStatus',
  'auth.signup',
  'auth.signin',
  'auth.exchange',
  'auth.oidcBegin',
  'auth.oidcFinish',
  'auth.link',
  'auth.unlink',
  'admin.createSession',
  'auth.refresh',
  'auth.signout',
  'auth.signoutAll',
  'auth.signoutOthers',
  'auth.renameSession',
  'auth.revokeSession',
  'auth.secondFactor',
  'auth.totpBegin',
  'auth.totpConfirm',
  'auth.totpRemove',
  'auth.renewRecoveryCodes',
  'auth.passkeyBegin',
  'auth.passkeyAdd',
  'auth.passkeyRemove',
  'auth.passkeySigninBegin',
  'auth.passkeySignin',
  'auth.reauthenticate',
  'auth.requestVerification',
  'auth.verifyEmail',
  'auth.requestPasswordReset',
  'auth.resetPassword',
  'auth.changeEmail',
];

test('every procedure that changes something is among the steps', () => {
  const mutations = Object.entries(procedures).flatMap(([feature, record]) =>
    Object.entries(record)
      .filter(([, procedure]) => (procedure as { _def: { type: string } })._def.type === 'mutation')
      .map(([verb]) => `${feature}.${verb}`),
  );
  expect([...new Set(steps.map(([path]) => path)), ...withoutState].sort()).toEqual(mutations.sort());
});

describe('state and events together are what a fresh read says after', () => {
  test.each(steps)('%s %s', async (_path, _what, step) => {
    await step();
    for (const one of followers.values()) await one.settle();
    for (const one of followers.values()) await one.settle();
    for (const [person, { state }] of followers) {
      const fresh = await readState(person.client);
      expect(forGuests(state), `what ${person.name} knows`).toEqual(forGuests(fresh.state));
    }
  });
});

/** A Guest does not receive every event of a workspace, so the workspace's event count is left out. */
const forGuests = (state: State): State => ({
  ...state,
  workspaces: new Map(
    [...state.workspaces].map(([id, workspace]) => [
      id,
      workspace.role === 'Guest' ? { ...workspace, lastSeq: 0 } : workspace,
    ]),
  ),
});
