import type { ChatType, Event } from '@fechatter/contract';
import { afterAll, expect, test } from 'vitest';
import { until } from '@fechatter/testing/until';
import { type Listener, type Person, world } from './world.ts';

// Who receives what: every kind of event, for each type of chat, against one table.

const scene = await world();
afterAll(() => scene[Symbol.asyncDispose]());

type Kind = Event['kind'];
const seats = [
  'stranger',
  'left',
  'outsider',
  'former',
  'wsAdmin',
  'member',
  'owner',
  'guest',
  'guestOutside',
] as const;
type Seat = (typeof seats)[number];
type Audience = Readonly<Record<Seat, readonly Kind[]>>;

/** The events, in this order; each goes to the chat or to the workspace. */
const inChat = [
  'message.created',
  'message.updated',
  'message.reacted',
  'message.pinned',
  'message.unpinned',
  'message.deleted',
  'chat.updated',
  'member.joined',
  'member.updated',
  'member.left',
] as const;
const inWorkspace = ['workspace.updated', 'workspace.memberUpdated', 'user.updated', 'workspace.memberLeft'] as const;
// Dave joins again, so that his leaving the workspace is an event of the chat.
const whole = [
  ...inChat,
  ...inWorkspace.slice(0, 3),
  'member.joined',
  'member.left',
  'workspace.memberLeft',
  'chat.deleted',
] as const;
/** The events of a public channel that go to everyone in the workspace. */
const shownToAll = ['chat.updated', ...inWorkspace, 'chat.deleted'] as const;

const table: Readonly<Record<Exclude<ChatType, 'Single'>, Audience>> = {
  Group: audienceIn(inWorkspace),
  PrivateChannel: audienceIn(inWorkspace),
  PublicChannel: audienceIn(shownToAll),
};
function audienceIn(outside: readonly Kind[]): Audience {
  return {
    stranger: [],
    left: [],
    outsider: outside,
    former: outside,
    wsAdmin: outside,
    member: whole,
    owner: whole,
    // Dave shares no chat with the Guest while his role and his name change.
    guest: whole.filter((kind) => !['workspace.memberUpdated', 'user.updated', 'workspace.memberLeft'].includes(kind)),
    guestOutside: ['workspace.updated'],
  };
}

const ignored: readonly Kind[] = ['ready', 'reset', 'chat.read'];
const kindsOf = ({ events }: Listener) => events.map(({ kind }) => kind).filter((kind) => !ignored.includes(kind));

/** An event of the person's own: once it arrives, all earlier ones have. */
async function fence(person: Person, listener: Listener): Promise<readonly Kind[]> {
  const { id } = await person.client.workspace.create.mutate({ name: 'fence' });
  await listener.seen((event) => event.kind === 'workspace.memberJoined' && event.workspaceId === id, 'the fence');
  return kindsOf(listener).slice(0, kindsOf(listener).lastIndexOf('workspace.memberJoined'));
}

test.each(Object.entries(table))('in a %s', async (type, expected) => {
  const people = {} as Record<Seat | 'dave' | 'founder', Person>;
  for (const name of [...seats, 'dave', 'founder'] as const) people[name] = await scene.signUp(name);
  const { founder, dave, owner, member, former, left, wsAdmin, outsider, stranger, guest, guestOutside } = people;
  const workspaceId = await scene.workspaceOf(
    founder,
    dave,
    owner,
    member,
    former,
    left,
    wsAdmin,
    outsider,
    guest,
    guestOutside,
  );
  await founder.client.workspace.setRole.mutate({ workspaceId, userId: wsAdmin.id, role: 'Admin' });
  for (const { id: userId } of [guest, guestOutside])
    await founder.client.workspace.setRole.mutate({ workspaceId, userId, role: 'Guest' });
  await scene.workspaceOf(stranger);
  const memberIds = [member, former, left, guest].map(({ id }) => id);
  const chatType = type as keyof typeof table;
  const { id: chatId } = await owner.client.chat.create.mutate({ name: 'c', chatType, workspaceId, memberIds });
  await former.client.chat.leave.mutate({ chatId });
  await left.client.workspace.leave.mutate({ workspaceId });

  const listeners = await Promise.all(seats.map(async (seat) => [seat, await people[seat].listen()] as const));
  // The streams may begin before the stage's last row is numbered.
  for (const [seat, listener] of listeners) await fence(people[seat], listener);
  const before = new Map(listeners.map(([seat, listener]) => [seat, kindsOf(listener).length]));

  const message = await member.client.message.send.mutate({ chatId, content: 'one' });
  await member.client.message.edit.mutate({ chatId, messageId: message.id, content: 'two' });
  await owner.client.message.react.mutate({ chatId, messageId: message.id, emoji: '👍' });
  await owner.client.message.pin.mutate({ chatId, messageId: message.id });
  await owner.client.message.unpin.mutate({ chatId, messageId: message.id });
  await member.client.message.delete.mutate({ chatId, messageId: message.id });
  await owner.client.chat.update.mutate({ chatId, name: 'd' });
  await owner.client.chat.addMembers.mutate({ chatId, userIds: [dave.id] });
  await owner.client.chat.setRole.mutate({ chatId, userId: dave.id, role: 'Admin' });
  await owner.client.chat.removeMember.mutate({ chatId, userId: dave.id });
  await founder.client.workspace.update.mutate({ workspaceId, name: 'e' });
  await founder.client.workspace.setRole.mutate({ workspaceId, userId: dave.id, role: 'Admin' });
  await dave.client.user.update.mutate({ fullName: 'David' });
  await owner.client.chat.addMembers.mutate({ chatId, userIds: [dave.id] });
  await founder.client.workspace.removeMember.mutate({ workspaceId, userId: dave.id });
  // The end of a chat overtakes what is on its way: of a chat that has ended nothing more is owed.
  for (const [seat, listener] of listeners)
    await until(
      () =>
        kindsOf(listener).length - (before.get(seat) ?? 0) >=
        expected[seat].filter((kind) => kind !== 'chat.deleted').length,
      `${seat} has received everything`,
    );
  await owner.client.chat.delete.mutate({ chatId });

  for (const [seat, listener] of listeners) {
    const received = (await fence(people[seat], listener)).slice(before.get(seat));
    expect([seat, received]).toEqual([seat, expected[seat]]);
    await listener[Symbol.asyncDispose]();
  }
});

test('personal events are received by that person alone, on all their devices', async () => {
  const [alice, bob] = [await scene.signUp('alice'), await scene.signUp('bob')];
  const workspaceId = await scene.workspaceOf(alice, bob);
  const input = { name: 'c', chatType: 'Group' as const, workspaceId, memberIds: [bob.id] };
  const { id: chatId } = await alice.client.chat.create.mutate(input);
  const { seq, id: messageId } = await alice.client.message.send.mutate({ chatId, content: 'hi' });
  await using hers = await alice.listen();
  await using his = await bob.listen();
  await using alsoHis = await bob.listen();
  await bob.client.message.save.mutate({ chatId, messageId });
  await bob.client.message.unsave.mutate({ chatId, messageId });
  await bob.client.chat.markRead.mutate({ chatId, seq });
  for (const listener of [his, alsoHis]) await listener.seen(({ kind }) => kind === 'chat.read');
  const { sessions } = await bob.client.auth.sessions.query();
  await bob.client.auth.revokeSession.mutate({ sessionId: sessions[0]?.id ?? '' });
  for (const listener of [his, alsoHis]) await listener.seen(({ kind }) => kind === 'session.revoked');
  await fence(alice, hers);
  for (const listener of [his, alsoHis])
    expect(listener.events.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['message.saved', 'message.unsaved']),
    );
  expect(hers.events.map(({ kind }) => kind)).not.toContain('message.saved');
  expect(hers.events.map(({ kind }) => kind)).not.toContain('chat.read');
  expect(hers.events.map(({ kind }) => kind)).not.toContain('session.revoked');
});
