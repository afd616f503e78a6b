import { limits } from '@fechatter/contract';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, expect, test } from 'vitest';
import { type Person, refusal, testServer } from '../testing/index.ts';
import { brokenRules } from '../testing/invariants.ts';

const app = await testServer({ FECHATTER_LIMITS_SENDS_PER_MINUTE: '0', FECHATTER_LIMITS_WRITES_PER_MINUTE: '0' });
afterAll(() => app[Symbol.asyncDispose]());
const { alice, bob, carol, dave, workspace } = await app.workspaceOf('alice', 'bob', 'carol', 'dave');

const chatOf = async (chatType: 'Group' | 'PublicChannel', ...members: Person[]) => {
  const input = { name: 'c', chatType, workspaceId: workspace.id, memberIds: members.map(({ id }) => id) };
  return (await alice.trpc.chat.create.mutate(input)).id;
};
const send = ({ trpc }: Person, chatId: string, content = 'hi') => trpc.message.send.mutate({ chatId, content });
const savedBy = async ({ trpc }: Person) => (await trpc.message.saved.query()).saved;
const contents = async (person: Person) => (await savedBy(person)).map(({ message }) => message.content);
const eventsFor = async (userId: string) =>
  (await app.events()).filter((event) => event.userId === userId && String(event.kind).endsWith('saved'));

test('a saved message is private: others see nothing of it, and its version does not change', async () => {
  const chatId = await chatOf('Group', bob);
  const sent = await send(alice, chatId);
  const ref = { chatId, messageId: sent.id };
  const before = await alice.trpc.chat.get.query({ chatId });
  expect(await bob.trpc.message.save.mutate(ref)).toBeUndefined();
  await bob.trpc.message.save.mutate(ref);
  const mine = { ...sent, isSaved: true };
  expect(await savedBy(bob)).toEqual([{ message: mine, savedAt: expect.any(Date) }]);
  expect(await bob.trpc.message.get.query(ref)).toEqual(mine);
  expect((await bob.trpc.message.list.query({ chatId })).messages).toEqual([mine]);
  expect(await alice.trpc.message.get.query(ref)).toEqual(sent);
  expect(await savedBy(alice)).toEqual([]);
  expect(await alice.trpc.chat.get.query({ chatId })).toEqual(before);
  const reacted = await bob.trpc.message.react.mutate({ ...ref, emoji: '👍' });
  expect(reacted).toMatchObject({ isSaved: true, myReactions: ['👍'] });
  expect(await alice.trpc.message.edit.mutate({ ...ref, content: 'ho' })).not.toHaveProperty('isSaved');
  expect(await contents(bob)).toEqual(['ho']);
  await bob.trpc.message.unsave.mutate(ref);
  await bob.trpc.message.unsave.mutate(ref);
  expect(await bob.trpc.message.get.query(ref)).not.toHaveProperty('isSaved');
  expect(await savedBy(bob)).toEqual([]);
  expect((await eventsFor(bob.id)).map((event) => [event.kind, event.chatId, event.subjectId, event.seq])).toEqual([
    ['message.saved', chatId, sent.id, null],
    ['message.unsaved', chatId, sent.id, null],
  ]);
  expect(await brokenRules(app.database)).toEqual({});
});

test('the latest saved comes first, page by page, without deleted ones', async () => {
  const chatId = await chatOf('Group', carol);
  const ids: string[] = [];
  for (const content of ['1', '2', '3', '4', '5']) ids.push((await send(alice, chatId, content)).id);
  for (const n of [1, 4, 0, 2, 3]) await carol.trpc.message.save.mutate({ chatId, messageId: ids[n] ?? '' });
  expect(await contents(carol)).toEqual(['4', '3', '1', '5', '2']);
  const page = (cursor?: string) => carol.trpc.message.saved.query({ limit: 2, cursor });
  const first = await page();
  expect(first.saved.map(({ message }) => message.content)).toEqual(['4', '3']);
  // Messages that are saved, deleted or unsaved between two pages move none of the others.
  await carol.trpc.message.unsave.mutate({ chatId, messageId: ids[2] ?? '' });
  await alice.trpc.message.delete.mutate({ chatId, messageId: ids[3] ?? '' });
  const more = await send(alice, chatId, 'more');
  await carol.trpc.message.save.mutate({ chatId, messageId: more.id });
  const second = await page(first.nextCursor ?? '');
  expect(second.saved.map(({ message }) => message.content)).toEqual(['1', '5']);
  const third = await page(second.nextCursor ?? '');
  expect(third).toMatchObject({ saved: [{ message: { content: '2' } }], nextCursor: null });
  expect(await contents(carol)).toEqual(['more', '1', '5', '2']);
  expect(await refusal(page('no cursor'))).toMatchObject({ reason: 'invalid_cursor' });
  expect(await app.database.query('select from saved_messages where user_id = $1', [carol.id])).toHaveLength(4);
});

test('a saved message is hidden without access, and shown again with it', async () => {
  const [closed, open] = [await chatOf('Group', dave), await chatOf('PublicChannel', dave)];
  for (const chatId of [closed, open]) {
    const { id: messageId } = await send(alice, chatId, chatId);
    await dave.trpc.message.save.mutate({ chatId, messageId });
  }
  expect(await contents(dave)).toEqual([open, closed]);
  for (const chatId of [closed, open]) await dave.trpc.chat.leave.mutate({ chatId });
  // Everyone in the workspace reads a public channel.
  expect(await contents(dave)).toEqual([open]);
  await alice.trpc.workspace.removeMember.mutate({ workspaceId: workspace.id, userId: dave.id });
  expect(await contents(dave)).toEqual([]);
  const { token } = await alice.trpc.workspace.invite.mutate({ workspaceId: workspace.id, role: 'Member' });
  await dave.trpc.workspace.acceptInvite.mutate({ token });
  expect(await contents(dave)).toEqual([open]);
  const become = (role: 'Guest' | 'Member') =>
    alice.trpc.workspace.setRole.mutate({ workspaceId: workspace.id, userId: dave.id, role });
  await become('Guest');
  expect(await contents(dave)).toEqual([]);
  await become('Member');
  await alice.trpc.chat.addMembers.mutate({ chatId: closed, userIds: [dave.id] });
  expect(await contents(dave)).toEqual([open, closed]);
  await alice.trpc.chat.archive.mutate({ chatId: closed });
  const [message] = (await dave.trpc.message.list.query({ chatId: closed })).messages;
  const ref = { chatId: closed, messageId: message?.id ?? '' };
  await dave.trpc.message.unsave.mutate(ref);
  await dave.trpc.message.save.mutate(ref);
  await alice.trpc.chat.delete.mutate({ chatId: open });
  expect(await contents(dave)).toEqual([closed]);
  expect(await brokenRules(app.database)).toEqual({});
});

test('saving is refused without access, and for missing messages', async () => {
  const [chatId, elsewhere] = [await chatOf('Group', bob), await chatOf('Group', bob)];
  const open = await chatOf('PublicChannel');
  const { id: messageId } = await send(alice, chatId);
  const stranger = await app.signUp('stranger');
  const reasons = async ({ trpc }: Pick<Person, 'trpc'>, more: { chatId?: string; messageId?: string } = {}) => {
    const ref = { chatId, messageId, ...more };
    const calls = [trpc.message.save.mutate(ref), trpc.message.unsave.mutate(ref)];
    return [...new Set(await Promise.all(calls.map(async (call) => (await refusal(call))?.reason)))];
  };
  expect(await reasons({ trpc: app.anonymous })).toEqual(['not_signed_in']);
  expect(await reasons(stranger)).toEqual(['chat_not_found']);
  expect(await reasons(carol)).toEqual(['chat_not_found']);
  expect(await reasons(bob, { chatId: elsewhere })).toEqual(['message_not_found']);
  expect(await reasons(bob, { messageId: uuidv7() })).toEqual(['message_not_found']);
  expect(await reasons(bob, { messageId: 'no id' })).toEqual(['invalid_input']);
  // A reader of a public channel can save too.
  const there = await send(alice, open, 'there');
  await carol.trpc.message.save.mutate({ chatId: open, messageId: there.id });
  expect(await contents(carol)).toContain('there');
  expect(await refusal(app.anonymous.message.saved.query())).toMatchObject({ reason: 'not_signed_in' });
  await alice.trpc.message.delete.mutate({ chatId, messageId });
  expect(await reasons(bob)).toEqual(['message_not_found']);
});

test('a person saves at most 10,000 messages, also with concurrent calls', async () => {
  const erin = await app.signUp('erin');
  const { token } = await alice.trpc.workspace.invite.mutate({ workspaceId: workspace.id, role: 'Member' });
  await erin.trpc.workspace.acceptInvite.mutate({ token });
  const chats = [];
  for (let n = 0; n < 6; n++) chats.push(await chatOf('Group', erin));
  const refs = await Promise.all(chats.map(async (chatId) => ({ chatId, messageId: (await send(alice, chatId)).id })));
  await app.database.query(
    `insert into saved_messages (user_id, message_id, chat_id)
     select $1::uuid, gen_random_uuid(), $2::uuid from generate_series(1, $3::int)`,
    [erin.id, chats[0], limits.savedMax - 2],
  );
  const responses = await Promise.all(
    refs.map((ref) =>
      erin.trpc.message.save.mutate(ref).then(
        () => 'saved',
        (error: { data?: { code?: string; reason?: string } }) => `${error.data?.code} ${error.data?.reason}`,
      ),
    ),
  );
  expect(responses.toSorted()).toEqual([
    ...Array.from({ length: 4 }, () => 'CONFLICT quota_exceeded'),
    'saved',
    'saved',
  ]);
  const isSaved = refs[responses.indexOf('saved')];
  if (isSaved === undefined) throw new Error('one was saved');
  await erin.trpc.message.save.mutate(isSaved);
  await erin.trpc.message.unsave.mutate(isSaved);
  await erin.trpc.message.save.mutate(refs[responses.indexOf('CONFLICT quota_exceeded')] ?? isSaved);
  expect((await savedBy(erin)).length).toBe(2);
});

test('concurrent saves and unsaves from several devices end as the last event says', async () => {
  const chatId = await chatOf('Group', bob);
  const ref = { chatId, messageId: (await send(alice, chatId)).id };
  const before = (await eventsFor(bob.id)).length;
  const verbs = Array.from({ length: 24 }, (_, n) => (n % 3 === 0 ? 'unsave' : 'save'));
  await Promise.all(verbs.map((verb) => bob.trpc.message[verb].mutate(ref)));
  const kinds = (await eventsFor(bob.id)).slice(before).map(({ kind }) => kind);
  expect(kinds.length).toBeGreaterThan(0);
  expect(kinds).toEqual(kinds.map((_, n) => (n % 2 === 0 ? 'message.saved' : 'message.unsaved')));
  expect((await savedBy(bob)).some(({ message }) => message.id === ref.messageId)).toBe(kinds.length % 2 === 1);
});
