import { afterAll, beforeEach, expect, test } from 'vitest';
import { type Person, refusal, testServer } from '../testing/index.ts';
import { brokenRules } from '../testing/invariants.ts';
import { stagedWorkspace } from '../testing/staged-workspace.ts';

const app = await testServer();
afterAll(() => app[Symbol.asyncDispose]());
const [alice, bob, carol, gina, gus] = await Promise.all(
  (['alice', 'bob', 'carol', 'gina', 'gus'] as const).map((name) => app.signUp(name)),
);
if (!alice || !bob || !carol || !gina || !gus) throw new Error('five people');

/** Alice is Owner, Bob an Admin, Carol a Member; two customers are Guests, each in a Group with Bob. */
let workspaceId = '';
let withGina = '';
let withGus = '';
beforeEach(async () => {
  workspaceId = (await stagedWorkspace(alice, { Admin: [bob], Member: [carol], Guest: [gina, gus] })).id;
  withGina = await chat('Group', bob, gina);
  withGus = await chat('Group', bob, gus);
});

async function chat(
  chatType: 'Single' | 'Group' | 'PrivateChannel' | 'PublicChannel',
  creator: Person,
  ...people: Person[]
) {
  const memberIds = people.map(({ id }) => id);
  return (await creator.trpc.chat.create.mutate({ workspaceId, chatType, name: 'a chat', memberIds })).id;
}
const reasonOf = async (call: Promise<unknown>) => (await refusal(call))?.reason;
const membersFor = async (person: Person) => {
  const { members } = await person.trpc.workspace.members.query({ workspaceId });
  return members.map(({ user, role }) => `${user.name} ${role}`).toSorted();
};
const setRole = (by: Person, of: Person, role: 'Guest' | 'Member' | 'Admin' | 'Owner') =>
  by.trpc.workspace.setRole.mutate({ workspaceId, userId: of.id, role });
/** The newest rows of a kind in the log. */
const eventsOf = async (kind: string) => (await app.events()).filter((row) => row.kind === kind);

test('a Guest sees themselves and the people in their chats, and members see everyone', async () => {
  expect(await membersFor(gina)).toEqual(['bob Admin', 'gina Guest']);
  expect(await membersFor(carol)).toEqual(['alice Owner', 'bob Admin', 'carol Member', 'gina Guest', 'gus Guest']);
  for (const seen of [gina, bob])
    expect(await gina.trpc.user.get.query({ userId: seen.id })).toMatchObject({ id: seen.id });
  for (const unseen of [alice, carol, gus])
    expect(await reasonOf(gina.trpc.user.get.query({ userId: unseen.id }))).toBe('user_not_found');
  expect(await carol.trpc.user.get.query({ userId: gina.id })).toMatchObject({ fullName: 'gina' });

  for (const person of [bob, carol]) await person.trpc.user.setStatus.mutate({ text: 'lunch' });
  const statusesFor = async (person: Person) => {
    const { presences } = await person.trpc.user.presence.query({ userIds: [bob.id, carol.id] });
    return presences.map(({ customStatus }) => customStatus?.text);
  };
  expect(await statusesFor(alice)).toEqual(['lunch', 'lunch']);
  expect(await statusesFor(gina)).toEqual(['lunch', undefined]);

  await bob.trpc.chat.addMembers.mutate({ chatId: withGina, userIds: [carol.id] });
  expect(await membersFor(gina)).toEqual(['bob Admin', 'carol Member', 'gina Guest']);
  expect(await statusesFor(gina)).toEqual(['lunch', 'lunch']);
  await bob.trpc.chat.removeMember.mutate({ chatId: withGina, userId: carol.id });
  expect(await reasonOf(gina.trpc.user.get.query({ userId: carol.id }))).toBe('user_not_found');
});

test('the people whom a Guest sees in one workspace do not depend on another one', async () => {
  await stagedWorkspace(alice, { Member: [gina, carol] });
  expect(await gina.trpc.user.get.query({ userId: carol.id })).toMatchObject({ id: carol.id });
  expect(await membersFor(gina)).toEqual(['bob Admin', 'gina Guest']);
});

test('the people whom a Guest sees are listed page by page, each once', async () => {
  const shared = await chat('Group', alice, gina, carol, bob);
  await chat('PrivateChannel', alice, gina, bob);
  const names: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await gina.trpc.workspace.members.query({ workspaceId, limit: 1, cursor });
    expect(page.members.length).toBeLessThanOrEqual(1);
    names.push(...page.members.map(({ user }) => user.name));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  expect(names.toSorted()).toEqual(['alice', 'bob', 'carol', 'gina']);
  await alice.trpc.chat.delete.mutate({ chatId: shared });
  expect(await membersFor(gina)).toEqual(['alice Owner', 'bob Admin', 'gina Guest']);
});

test('a Guest finds no channels, and a public one without membership is not found', async () => {
  const channel = await chat('PublicChannel', alice, bob);
  const { id: messageId } = await alice.trpc.message.send.mutate({ chatId: channel, content: 'not for customers' });
  expect(await gina.trpc.workspace.channels.query({ workspaceId })).toEqual({ channels: [], nextCursor: null });
  const calls = [
    gina.trpc.chat.get.query({ chatId: channel }),
    gina.trpc.chat.members.query({ chatId: channel }),
    gina.trpc.chat.join.mutate({ chatId: channel }),
    gina.trpc.chat.leave.mutate({ chatId: channel }),
    gina.trpc.chat.markRead.mutate({ chatId: channel, seq: 1 }),
    gina.trpc.chat.markUnread.mutate({ chatId: channel, messageId }),
    gina.trpc.chat.setTyping.mutate({ chatId: channel }),
    gina.trpc.chat.pins.query({ chatId: channel }),
    gina.trpc.message.pin.mutate({ chatId: channel, messageId }),
    gina.trpc.thread.get.query({ chatId: channel, rootId: messageId }),
    gina.trpc.thread.follow.mutate({ chatId: channel, rootId: messageId }),
    gina.trpc.message.list.query({ chatId: channel }),
    gina.trpc.message.get.query({ chatId: channel, messageId }),
    gina.trpc.message.readers.query({ chatId: channel, messageId }),
    gina.trpc.message.reactors.query({ chatId: channel, messageId, emoji: '👍' }),
    gina.trpc.message.send.mutate({ chatId: channel, content: 'hello?' }),
    gina.trpc.message.react.mutate({ chatId: channel, messageId, emoji: '👍' }),
    gina.trpc.message.edit.mutate({ chatId: channel, messageId, content: 'x' }),
    gina.trpc.message.delete.mutate({ chatId: channel, messageId }),
    gina.trpc.chat.update.mutate({ chatId: channel, name: 'x' }),
  ];
  const reasons = await Promise.all(calls.map(reasonOf));
  expect(reasons).toEqual(calls.map(() => 'chat_not_found'));

  await bob.trpc.chat.addMembers.mutate({ chatId: channel, userIds: [gina.id] });
  expect(await gina.trpc.chat.get.query({ chatId: channel })).toMatchObject({ role: 'Member' });
  expect(await gina.trpc.message.list.query({ chatId: channel })).toMatchObject({ messages: [{ id: messageId }] });
  expect(await gina.trpc.message.send.mutate({ chatId: channel, content: 'hello' })).toMatchObject({ chatId: channel });
  expect((await gina.trpc.workspace.channels.query({ workspaceId })).channels).toEqual([]);
});

test('a Guest cannot create chats, invite or administer, but may leave', async () => {
  const memberIds = [bob.id];
  for (const chatType of ['Single', 'Group', 'PrivateChannel', 'PublicChannel'] as const)
    expect(await reasonOf(gina.trpc.chat.create.mutate({ workspaceId, chatType, name: 'mine', memberIds }))).toBe(
      'role_too_low',
    );
  expect(await reasonOf(gina.trpc.workspace.invite.mutate({ workspaceId, role: 'Guest' }))).toBe('role_too_low');
  expect(await reasonOf(gina.trpc.workspace.update.mutate({ workspaceId, name: 'x' }))).toBe('role_too_low');
  expect(await reasonOf(gina.trpc.chat.addMembers.mutate({ chatId: withGina, userIds: [gus.id] }))).toBe(
    'role_too_low',
  );
  await gina.trpc.workspace.leave.mutate({ workspaceId });
  expect(await membersFor(carol)).not.toContain('gina Guest');
});

test('staff talk with a Guest alone, and two Guests may be brought together', async () => {
  const single = await chat('Single', carol, gina);
  expect(await gina.trpc.chat.get.query({ chatId: single })).toMatchObject({ name: 'carol', role: 'Member' });
  expect(await membersFor(gina)).toContain('carol Member');
  const together = await chat('Group', carol, gina, gus);
  expect(await membersFor(gus)).toEqual(['bob Admin', 'carol Member', 'gina Guest', 'gus Guest']);
  await carol.trpc.chat.removeMember.mutate({ chatId: together, userId: gina.id });
  expect(await membersFor(gus)).toEqual(['bob Admin', 'carol Member', 'gus Guest']);
});

test('a Guest is a Member of chats, and nothing more', async () => {
  const change = { chatId: withGina, userId: gina.id };
  for (const role of ['Admin', 'Owner'] as const)
    expect(await reasonOf(bob.trpc.chat.setRole.mutate({ ...change, role }))).toBe('guests_are_members');
  expect(await bob.trpc.chat.setRole.mutate({ ...change, role: 'Member' })).toMatchObject({ role: 'Member' });
  const guest = { ...change, role: 'Guest' as never };
  expect(await reasonOf(bob.trpc.chat.setRole.mutate(guest))).toBe('invalid_input');
});

test('a person who becomes a Guest keeps their chats as a Member, and ownership passes on', async () => {
  const owned = await chat('Group', carol, bob, gina);
  const alone = await chat('Group', carol, gina);
  await carol.trpc.chat.setRole.mutate({ chatId: owned, userId: bob.id, role: 'Admin' });
  expect(await setRole(bob, carol, 'Guest')).toMatchObject({ role: 'Guest' });
  expect(await carol.trpc.workspace.get.query({ workspaceId })).toMatchObject({ role: 'Guest' });
  expect(await carol.trpc.chat.get.query({ chatId: owned })).toMatchObject({ role: 'Member' });
  expect(await bob.trpc.chat.get.query({ chatId: owned })).toMatchObject({ role: 'Owner' });
  // It would have no Owner.
  expect(await carol.trpc.chat.members.query({ chatId: alone })).toMatchObject({
    members: [{ role: 'Member' }, { role: 'Member' }],
  });
  expect(await membersFor(carol)).toEqual(['bob Admin', 'carol Guest', 'gina Guest']);
  expect(await brokenRules(app.database)).toEqual({});

  await setRole(bob, carol, 'Member');
  expect((await membersFor(carol)).length).toBe(5);
  expect(await carol.trpc.chat.get.query({ chatId: owned })).toMatchObject({ role: 'Member' });
  expect(await carol.trpc.chat.get.query({ chatId: alone })).toMatchObject({ role: 'Owner' });
});

test('a Guest never succeeds the last Owner of a chat', async () => {
  const owned = await chat('Group', carol, gina, bob);
  await carol.trpc.workspace.leave.mutate({ workspaceId });
  expect(await bob.trpc.chat.get.query({ chatId: owned })).toMatchObject({ role: 'Owner' });
  expect(await gina.trpc.chat.get.query({ chatId: owned })).toMatchObject({ role: 'Member' });
});

test('an event about a person names exactly the chats that Guests share with them', async () => {
  const single = await chat('Single', bob, gus);
  await chat('Group', bob, carol);
  await bob.trpc.user.update.mutate({ fullName: `bob ${single}` });
  const sharedIn = { [withGina]: 1, [withGus]: 1, [single]: 1 };
  const ofWorkspace = (await eventsOf('user.updated')).filter((row) => row.workspaceId === workspaceId);
  expect(ofWorkspace.map(({ facts }) => facts)).toEqual([{ sharedChats: sharedIn }]);
  await bob.trpc.message.send.mutate({ chatId: single, content: 'raises its seq' });
  await setRole(alice, bob, 'Owner');
  expect((await eventsOf('workspace.memberUpdated')).at(-1)?.facts).toEqual({
    role: 'Owner',
    sharedChats: { ...sharedIn, [single]: 2 },
  });
  await carol.trpc.user.update.mutate({ fullName: `carol ${single}` });
  expect((await eventsOf('user.updated')).filter((row) => row.workspaceId === workspaceId).at(-1)?.facts).toEqual({});
});

test('a person who shares many chats with Guests is announced in several rows', async () => {
  await app.database.query(
    `with made as (
       insert into chats (id, workspace_id, chat_type, name, version, creator_id)
       select gen_random_uuid(), $1, 'Group', 'one of many', 1, $2 from generate_series(1, 1_000) returning id),
     heads as (
       insert into chat_heads (chat_id, workspace_id, chat_type, last_seq, has_guests) select id, $1, 'Group', 1, true from made)
     insert into chat_members (chat_id, user_id, role, joined_seq, last_read_seq, last_read_number, mark_seq)
     select id, $2, 'Owner', 1, 1, 0, 1 from made`,
    [workspaceId, bob.id],
  );
  const before = (await eventsOf('user.updated')).length;
  await bob.trpc.user.update.mutate({ fullName: 'bob in very many' });
  const rows = (await eventsOf('user.updated')).slice(before).filter((row) => row.workspaceId === workspaceId);
  const named = rows.map(({ facts }) => Object.keys(facts.sharedChats as object));
  expect(named.map(({ length }) => length)).toEqual([1_000, 2]);
  expect(new Set(named.flat()).size).toBe(1_002);
  expect(rows.map(({ workspaceSeq }) => workspaceSeq)).toEqual([expect.any(Number), (rows[0]?.workspaceSeq ?? 0) + 1]);
  const many = `(select id from chats where name = 'one of many')`;
  for (const table of ['chat_members', 'chat_heads'])
    await app.database.query(`delete from ${table} where chat_id in ${many}`);
  await app.database.query(`delete from chats where name = 'one of many'`);
});

test('Guests who join chats while their people change receive the event, or read the new state', async () => {
  for (let round = 0; round < 8; round++) {
    const rooms = await Promise.all([chat('Group', carol), chat('Group', carol), chat('Group', carol)]);
    await Promise.all([
      carol.trpc.user.update.mutate({ fullName: `carol ${round}` }),
      ...rooms.map((chatId) => carol.trpc.chat.addMembers.mutate({ chatId, userIds: [gina.id] })),
      chat('PrivateChannel', carol, gus),
    ]);
    const row = (await eventsOf('user.updated')).filter(({ workspaceId: of }) => of === workspaceId).at(-1);
    const shared = (row?.facts.sharedChats ?? {}) as Record<string, number>;
    // The person's row is written after the event was appended: later changes have a later transaction.
    const [{ late } = { late: -1 }] = await app.database.query<{ late: number }>(
      `select count(*)::int as late from event_log r, event_log j
       where r.code = 23 and r.workspace_id = $1 and r.workspace_seq = $2
         and j.code = 13 and j.subject_id = $3 and j.chat_id = any ($4::uuid[])
         and (($5::jsonb ? j.chat_id::text) <> (j.id < r.id) or (($5::jsonb ->> j.chat_id::text)::bigint < j.chat_seq))`,
      [workspaceId, row?.workspaceSeq, gina.id, rooms, JSON.stringify(shared)],
    );
    expect(late).toBe(0);
  }
  expect(await brokenRules(app.database)).toEqual({});
});

test('roles in chats and of the workspace that change at once leave no Guest with more than a Member’s', async () => {
  for (let round = 0; round < 8; round++) {
    const room = await chat('Group', alice, carol, bob);
    await Promise.allSettled([
      setRole(alice, carol, 'Guest'),
      alice.trpc.chat.setRole.mutate({ chatId: room, userId: carol.id, role: 'Admin' }),
      chat('Group', carol, bob),
      bob.trpc.chat.leave.mutate({ chatId: room }),
    ]);
    expect(await brokenRules(app.database)).toEqual({});
    await setRole(alice, carol, 'Member');
  }
});

test('an invitation makes a Guest, and is given by Admins', async () => {
  const hal = await app.signUp('hal');
  expect(await reasonOf(carol.trpc.workspace.invite.mutate({ workspaceId, role: 'Guest' }))).toBe('role_too_low');
  const { token, role } = await bob.trpc.workspace.invite.mutate({ workspaceId, role: 'Guest' });
  expect(role).toBe('Guest');
  expect(await hal.trpc.workspace.acceptInvite.mutate({ token })).toMatchObject({ role: 'Guest' });
  expect(await membersFor(hal)).toEqual(['hal Guest']);
  expect((await hal.trpc.user.export.query({})).lines).toContainEqual(
    expect.objectContaining({ type: 'workspaceMembership', workspaceId, role: 'Guest' }),
  );
});
