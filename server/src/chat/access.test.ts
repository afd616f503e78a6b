import type { ChatType, Reason, Role } from '@fechatter/contract';
import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, test } from 'vitest';
import { brokenRules } from '../testing/invariants.ts';
import { isAtLeast } from '../access/role.ts';
import { type Client, refusal, testServer } from '../testing/index.ts';
import { stagedWorkspace } from '../testing/staged-workspace.ts';

const app = await testServer();
afterAll(() => app[Symbol.asyncDispose]());
const alice = await app.signUp('alice');
const bob = await app.signUp('bob');
const carol = await app.signUp('carol');
const dave = await app.signUp('dave');
const erin = await app.signUp('erin');
const frank = await app.signUp('frank');
/** In each chat alice is Owner, bob Admin, carol a Member; dave has left it. Erin is only in the workspace. */
const { id: workspaceId } = await stagedWorkspace(alice, { Member: [bob, carol, dave, erin] });
await stagedWorkspace(frank);
const callers = {
  anonymous: app.anonymous,
  frank: frank.trpc,
  erin: erin.trpc,
  dave: dave.trpc,
  carol: carol.trpc,
  bob: bob.trpc,
};
const chatIds = { Group: await stagedChat('Group'), PublicChannel: await stagedChat('PublicChannel') };

async function stagedChat(chatType: ChatType): Promise<string> {
  const memberIds = [bob.id, carol.id, dave.id];
  const { id: chatId } = await alice.trpc.chat.create.mutate({ workspaceId, chatType, name: 'a chat', memberIds });
  await alice.trpc.chat.setRole.mutate({ chatId, userId: bob.id, role: 'Admin' });
  await dave.trpc.chat.leave.mutate({ chatId });
  return chatId;
}

type Call = (client: Client, chatId: string) => Promise<unknown>;
interface Verb {
  /** 'Reader': everyone in the workspace, if the channel is public. */
  readonly least: Role | 'Reader';
  readonly good: Call;
  /** An input that names the chat and is otherwise invalid. */
  readonly bad?: Call;
}
const verbs: Readonly<Record<string, Verb>> = {
  get: { least: 'Reader', good: ({ chat }, chatId) => chat.get.query({ chatId }) },
  members: {
    least: 'Reader',
    good: ({ chat }, chatId) => chat.members.query({ chatId }),
    bad: ({ chat }, chatId) => chat.members.query({ chatId, cursor: 'garbage' }),
  },
  update: {
    least: 'Admin',
    good: ({ chat }, chatId) => chat.update.mutate({ chatId, name: 'another name' }),
    bad: ({ chat }, chatId) => chat.update.mutate({ chatId, name: '' }),
  },
  delete: { least: 'Owner', good: ({ chat }, chatId) => chat.delete.mutate({ chatId }) },
  addMembers: {
    least: 'Admin',
    good: ({ chat }, chatId) => chat.addMembers.mutate({ chatId, userIds: [randomUUID()] }),
    bad: ({ chat }, chatId) => chat.addMembers.mutate({ chatId, userIds: [] }),
  },
  setRole: {
    least: 'Admin',
    good: ({ chat }, chatId) => chat.setRole.mutate({ chatId, userId: randomUUID(), role: 'Member' }),
    bad: ({ chat }, chatId) => chat.setRole.mutate({ chatId, userId: carol.id, role: 'Boss' as 'Owner' }),
  },
  removeMember: {
    least: 'Admin',
    good: ({ chat }, chatId) => chat.removeMember.mutate({ chatId, userId: randomUUID() }),
    bad: ({ chat }, chatId) => chat.removeMember.mutate({ chatId, userId: 'nobody' }),
  },
  markRead: {
    least: 'Member',
    good: ({ chat }, chatId) => chat.markRead.mutate({ chatId, seq: 1 }),
    bad: ({ chat }, chatId) => chat.markRead.mutate({ chatId, seq: -1 }),
  },
};

function refusalsOf(least: Verb['least'], isPublic: boolean): (readonly [keyof typeof callers, Reason])[] {
  const refusals: (readonly [keyof typeof callers, Reason])[] = [
    ['anonymous', 'not_signed_in'],
    ['frank', 'chat_not_found'],
  ];
  const reader = isPublic ? (least === 'Reader' ? undefined : 'not_a_member') : 'chat_not_found';
  if (reader !== undefined) refusals.push(['erin', reader], ['dave', reader]);
  if (least !== 'Reader' && !isAtLeast('Member', least)) refusals.push(['carol', 'role_too_low']);
  if (least === 'Owner') refusals.push(['bob', 'role_too_low']);
  return refusals;
}

describe.each(['Group', 'PublicChannel'] as const)('in a %s', (chatType) => {
  const chatId = chatIds[chatType];
  describe.each(Object.entries(verbs))('%s', (_, { least, good, bad }) => {
    test.each(refusalsOf(least, chatType === 'PublicChannel'))('refuses %s: %s', async (who, reason) => {
      expect(await refusal(good(callers[who], chatId))).toMatchObject({ reason });
      // Only callers with the permission learn what is wrong with an input.
      if (bad !== undefined) expect(await refusal(bad(callers[who], chatId))).toMatchObject({ reason });
    });
    if (bad !== undefined)
      test('reports bad input to callers with permission', async () => {
        expect(await refusal(bad(alice.trpc, chatId))).toMatchObject({ code: 'BAD_REQUEST' });
      });
  });
});

test('joining and leaving: a private chat is not found, except by a person who leaves it again', async () => {
  const { Group: chatId } = chatIds;
  for (const who of ['frank', 'erin', 'dave'] as const)
    expect(await refusal(callers[who].chat.join.mutate({ chatId }))).toMatchObject({ reason: 'chat_not_found' });
  for (const who of ['frank', 'erin'] as const)
    expect(await refusal(callers[who].chat.leave.mutate({ chatId }))).toMatchObject({ reason: 'chat_not_found' });
  await dave.trpc.chat.leave.mutate({ chatId });
  await erin.trpc.chat.leave.mutate({ chatId: chatIds.PublicChannel });
});

test('a person who was removed from the workspace finds none of its chats', async () => {
  await alice.trpc.workspace.removeMember.mutate({ workspaceId, userId: carol.id });
  for (const chatId of Object.values(chatIds)) {
    const calls = [carol.trpc.chat.get.query({ chatId }), carol.trpc.chat.leave.mutate({ chatId })];
    for (const data of await Promise.all(calls.map(refusal))) expect(data).toMatchObject({ reason: 'chat_not_found' });
  }
});

test('refused calls have changed nothing', async () => {
  // Created, bob raised, dave left; then carol was removed.
  for (const chatId of Object.values(chatIds))
    expect(await alice.trpc.chat.get.query({ chatId })).toMatchObject({ name: 'a chat', lastSeq: 4 });
  expect(await brokenRules(app.database)).toEqual({});
});
