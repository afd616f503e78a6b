import { type Reason } from '@fechatter/contract';
import { procedures as notifyProcedures } from '@fechatter/notify';
import { procedures as serverProcedures } from '@fechatter/server';
import { createTRPCUntypedClient, httpLink, TRPCClientError } from '@trpc/client';
import { afterAll, describe, expect, test } from 'vitest';
import superjson from 'superjson';
import { type Person, world } from './world.ts';

// One table for every procedure: what it answers to someone who is not signed in, to someone of another workspace, to
// someone who has left, and to a member whose role is too low. 'ok' says that this person may; null, that the
// procedure is about the caller alone.

const scene = await world();
afterAll(() => scene[Symbol.asyncDispose]());
const alice = await scene.signUp('alice');
const bob = await scene.signUp('bob');
const carol = await scene.signUp('carol');
const stranger = await scene.signUp('stranger');
const workspaceId = await scene.workspaceOf(alice, bob, carol);
await scene.workspaceOf(stranger);
const chat = await alice.client.chat.create.mutate({
  name: 'Secrets',
  chatType: 'PrivateChannel',
  workspaceId,
  memberIds: [bob.id, carol.id],
});
const chatId = chat.id;
const { id: messageId } = await alice.client.message.send.mutate({ chatId, content: 'a secret' });
const { id: inviteId } = await alice.client.workspace.invite.mutate({ workspaceId, role: 'Member' });
const [session] = (await alice.client.auth.sessions.query()).sessions;
await carol.client.workspace.leave.mutate({ workspaceId });
const newcomer = '0198c0de-0000-7000-8000-000000000001';

type Answer = Reason | 'ok' | null;
interface Row {
  readonly input?: unknown;
  readonly anonymous: Answer;
  readonly stranger: Answer;
  readonly left: Answer;
  readonly member: Answer;
}
const own = (input?: unknown): Row => ({ input, anonymous: 'not_signed_in', stranger: null, left: null, member: null });
const inWorkspace = (input: object, member: Answer): Row => ({
  input: { workspaceId, ...input },
  anonymous: 'not_signed_in',
  stranger: 'workspace_not_found',
  left: 'workspace_not_found',
  member,
});
const inChat = (input: object, member: Answer): Row => ({
  input: { chatId, ...input },
  anonymous: 'not_signed_in',
  stranger: 'chat_not_found',
  left: 'chat_not_found',
  member,
});
const ofAlice = (input: object, reason: Reason, member: Answer): Row => ({
  input,
  anonymous: 'not_signed_in',
  stranger: reason,
  left: reason,
  member,
});
const anyone = (input: object, reason: Reason): Row => ({
  input,
  anonymous: reason,
  stranger: reason,
  left: reason,
  member: reason,
});

const table: Readonly<Record<string, Row>> = {
  'auth.signup': anyone({ email: alice.email, password: 'a good password', fullName: 'A' }, 'email_taken'),
  'auth.signin': anyone({ email: alice.email, password: 'not hers' }, 'wrong_credentials'),
  'auth.refresh': anyone({ refreshToken: 'made-up' }, 'refresh_invalid'),
  'auth.signout': own(),
  'auth.signoutAll': own(),
  'auth.changePassword': own({ currentPassword: 'x', newPassword: 'a good password' }),
  'auth.sessions': own(),
  'auth.revokeSession': ofAlice({ sessionId: session?.id }, 'session_not_found', 'session_not_found'),
  'user.me': own(),
  'user.update': own({ fullName: 'A' }),
  'user.get': ofAlice({ userId: alice.id }, 'user_not_found', 'ok'),
  'workspace.create': own({ name: 'Another' }),
  'workspace.list': own(),
  'workspace.get': inWorkspace({}, 'ok'),
  'workspace.update': inWorkspace({ name: 'B' }, 'role_too_low'),
  'workspace.delete': inWorkspace({}, 'role_too_low'),
  'workspace.members': inWorkspace({}, 'ok'),
  'workspace.setRole': inWorkspace({ userId: alice.id, role: 'Member' }, 'role_too_low'),
  'workspace.removeMember': inWorkspace({ userId: alice.id }, 'role_too_low'),
  'workspace.leave': inWorkspace({}, null),
  'workspace.channels': inWorkspace({}, 'ok'),
  'workspace.invite': inWorkspace({ role: 'Member' }, 'role_too_low'),
  'workspace.invites': inWorkspace({}, 'role_too_low'),
  'workspace.revokeInvite': inWorkspace({ inviteId }, 'role_too_low'),
  'workspace.acceptInvite': ofAlice({ token: 'made-up' }, 'invite_not_found', 'invite_not_found'),
  'chat.list': own(),
  'chat.create': inWorkspace({ name: 'C', chatType: 'Group', memberIds: [newcomer] }, 'user_not_found'),
  'chat.get': inChat({}, 'ok'),
  'chat.update': inChat({ name: 'D' }, 'role_too_low'),
  'chat.delete': inChat({}, 'role_too_low'),
  'chat.members': inChat({}, 'ok'),
  'chat.addMembers': inChat({ userIds: [alice.id] }, 'role_too_low'),
  'chat.setRole': inChat({ userId: alice.id, role: 'Member' }, 'role_too_low'),
  'chat.removeMember': inChat({ userId: alice.id }, 'role_too_low'),
  'chat.join': inChat({}, 'ok'),
  'chat.leave': inChat({}, null),
  'chat.markRead': inChat({ seq: 1 }, 'ok'),
  'message.list': inChat({}, 'ok'),
  'message.send': inChat({ content: 'hi' }, null),
  'message.edit': inChat({ messageId, content: 'hi' }, 'not_the_sender'),
  'message.delete': inChat({ messageId }, 'role_too_low'),
  'notification.ticket': own(),
};

type Kind = 'query' | 'mutation' | 'subscription';
const kinds = new Map<string, Kind>();
for (const [feature, record] of Object.entries({ ...serverProcedures, ...notifyProcedures }))
  for (const [verb, procedure] of Object.entries(record))
    kinds.set(`${feature}.${verb}`, (procedure as { _def: { type: Kind } })._def.type);

async function answerTo(person: Person | undefined, path: string, input: unknown): Promise<Answer> {
  const url = path.startsWith('notification.') ? scene.notifyUrl : scene.serverUrl;
  const token = person?.client.session?.token;
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const client = createTRPCUntypedClient({
    links: [httpLink({ url: `${url}/trpc`, transformer: superjson, headers })],
  });
  try {
    await (kinds.get(path) === 'query' ? client.query(path, input) : client.mutation(path, input));
    return 'ok';
  } catch (error) {
    if (error instanceof TRPCClientError) return (error.data as { reason?: Reason } | null)?.reason ?? null;
    throw error;
  }
}

test('the table has every procedure', () => {
  const called = [...kinds].filter(([, kind]) => kind !== 'subscription').map(([path]) => path);
  expect(Object.keys(table).sort()).toEqual(called.sort());
});

describe.each(Object.entries(table))('%s', (path, row) => {
  const people = { anonymous: undefined, stranger, left: carol, member: bob } as const;
  for (const [who, person] of Object.entries(people)) {
    const expected = row[who as keyof typeof people];
    if (expected === null) continue;
    test(`${expected} for ${who}`, async () => {
      expect(await answerTo(person, path, row.input)).toBe(expected);
    });
  }
});
