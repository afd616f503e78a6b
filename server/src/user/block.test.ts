import { randomUUID } from 'node:crypto';
import { afterAll, expect, test } from 'vitest';
import { refusal, testServer } from '../testing/index.ts';

const app = await testServer();
afterAll(() => app[Symbol.asyncDispose]());
const { alice, bob, carol, workspace } = await app.workspaceOf('alice', 'bob', 'carol');
type Person = typeof alice;
const block = (who: Person, { id }: { readonly id: string }) => who.trpc.user.block.mutate({ userId: id });
const unblock = (who: Person, { id }: { readonly id: string }) => who.trpc.user.unblock.mutate({ userId: id });
const single = (who: Person, other: Person) =>
  who.trpc.chat.create.mutate({ workspaceId: workspace.id, chatType: 'Single', name: 's', memberIds: [other.id] });
const send = (who: Person, chatId: string, clientId: string = randomUUID()) =>
  who.trpc.message.send.mutate({ chatId, content: 'hi', clientId });
const eventsFor = async ({ id }: Person) =>
  (await app.events()).filter(({ kind, userId }) => kind === 'user.preferences' && userId === id);

test('in a Single chat the blocked person cannot send, and repeats still return; the other one can', async () => {
  const { id: chatId } = await single(alice, bob);
  const clientId = randomUUID();
  const sent = await send(bob, chatId, clientId);
  await block(alice, bob);
  await block(alice, bob);
  expect(await refusal(send(bob, chatId))).toMatchObject({ code: 'FORBIDDEN', reason: 'blocked' });
  const reply = { chatId, content: 'reply', threadId: sent.id };
  expect(await refusal(bob.trpc.message.send.mutate(reply))).toMatchObject({ reason: 'blocked' });
  expect(await send(bob, chatId, clientId)).toEqual(sent);
  await send(alice, chatId);
  expect((await alice.trpc.user.preferences.query()).blockedUserIds).toEqual([bob.id]);
  expect((await bob.trpc.user.preferences.query()).blockedUserIds).toEqual([]);
  expect([(await eventsFor(alice)).length, (await eventsFor(bob)).length]).toEqual([1, 0]);
  // It is effective on another server too, because the database decides.
  await unblock(alice, bob);
  await unblock(alice, bob);
  await send(bob, chatId);
  expect(await eventsFor(alice)).toHaveLength(2);
});

test('in a Single chat the blocked person cannot edit either, elsewhere they can', async () => {
  const { id: chatId } = await single(alice, bob);
  const shared = { workspaceId: workspace.id, chatType: 'Group' as const, name: 'g', memberIds: [bob.id] };
  const { id: groupId } = await alice.trpc.chat.create.mutate(shared);
  const [{ id: messageId }, { id: inGroup }] = [await send(bob, chatId), await send(bob, groupId)];
  const { id: ofAlice } = await send(alice, chatId);
  await block(alice, bob);
  const edit = (who: Person, ref: { chatId: string; messageId: string }, content = 'edited') =>
    who.trpc.message.edit.mutate({ ...ref, content });
  expect(await refusal(edit(bob, { chatId, messageId }))).toMatchObject({ code: 'FORBIDDEN', reason: 'blocked' });
  expect((await edit(bob, { chatId, messageId }, 'hi')).editedAt).toBeNull();
  expect(await edit(bob, { chatId: groupId, messageId: inGroup })).toMatchObject({ content: 'edited' });
  expect(await edit(alice, { chatId, messageId: ofAlice })).toMatchObject({ content: 'edited' });
  await unblock(alice, bob);
  expect(await edit(bob, { chatId, messageId })).toMatchObject({ content: 'edited' });
});

test('blocking again changes nothing, also when the person cannot be seen any more', async () => {
  const erin = await app.signUp('erin');
  const { token } = await alice.trpc.workspace.invite.mutate({ workspaceId: workspace.id, role: 'Member' });
  await erin.trpc.workspace.acceptInvite.mutate({ token });
  await block(bob, erin);
  await erin.trpc.workspace.leave.mutate({ workspaceId: workspace.id });
  const before = (await eventsFor(bob)).length;
  await block(bob, erin);
  expect(await eventsFor(bob)).toHaveLength(before);
  expect((await bob.trpc.user.preferences.query()).blockedUserIds).toEqual([erin.id]);
  expect(await refusal(block(carol, erin))).toMatchObject({ reason: 'user_not_found' });
  await unblock(bob, erin);
});

test('a Single chat cannot be created with a person who blocks the caller, and the blocker can create it', async () => {
  await block(carol, bob);
  expect(await refusal(single(bob, carol))).toMatchObject({ reason: 'blocked' });
  const { id: chatId } = await single(carol, bob);
  // An existing chat is returned.
  expect((await single(bob, carol)).id).toBe(chatId);
  expect(await refusal(send(bob, chatId))).toMatchObject({ reason: 'blocked' });
  const shared = { workspaceId: workspace.id, chatType: 'Group' as const, name: 'g', memberIds: [carol.id] };
  const { id: groupId } = await bob.trpc.chat.create.mutate(shared);
  await send(bob, groupId);
  expect((await carol.trpc.chat.get.query({ chatId: groupId })).unreadCount).toBe(1);
  await unblock(carol, bob);
});

test('only visible people can be blocked, never oneself, and at most 1,000', async () => {
  const stranger = await app.signUp('stranger');
  for (const who of [stranger, { id: randomUUID() }, alice])
    expect(await refusal(block(alice, who))).toMatchObject({ reason: 'user_not_found' });
  await unblock(alice, stranger);
  await app.database.query(
    `with p as (insert into users (id, email, full_name, password_hash)
       select i, i, 'x', '-' from (select gen_random_uuid() as i from generate_series(1, 1000)) g returning id)
     insert into blocks (user_id, blocked_id) select $1, id from p`,
    [alice.id],
  );
  expect(await refusal(block(alice, bob))).toMatchObject({ reason: 'quota_exceeded' });
});

test('an erased person blocks no one and is blocked by no one', async () => {
  const dave = await app.signUp('dave');
  const { token } = await alice.trpc.workspace.invite.mutate({ workspaceId: workspace.id, role: 'Member' });
  await dave.trpc.workspace.acceptInvite.mutate({ token });
  await block(carol, dave);
  await block(dave, carol);
  await dave.trpc.user.setPreferences.mutate({ showPresence: false });
  await dave.trpc.user.erase.mutate({ password: dave.password, confirmation: 'erase' });
  expect((await carol.trpc.user.preferences.query()).blockedUserIds).toEqual([]);
  expect(await app.database.query('select 1 from user_preferences where user_id = $1', [dave.id])).toEqual([]);
});
