import { afterAll, expect, test } from 'vitest';
import { refusal, testServer } from '../testing/index.ts';

const app = await testServer();
afterAll(() => app[Symbol.asyncDispose]());
const { alice, bob, workspace } = await app.workspaceOf('alice', 'bob');
const stage = async () => {
  const input = { workspaceId: workspace.id, chatType: 'Group' as const, name: 'a chat', memberIds: [bob.id] };
  return (await alice.trpc.chat.create.mutate(input)).id;
};
const set = (chatId: string, chosen: object) => bob.trpc.chat.setNotifications.mutate({ chatId, ...chosen });
const eventsIn = async (chatId: string) =>
  (await app.events()).filter((event) => event.kind === 'chat.preferences' && event.chatId === chatId);

test('level and mute time are set independently, for one person, who alone receives the event', async () => {
  const chatId = await stage();
  const row = () => bob.trpc.chat.get.query({ chatId });
  expect(await row()).toMatchObject({ notifyLevel: null, mutedUntil: null });
  expect(await set(chatId, { level: 'Mentions' })).toMatchObject({ notifyLevel: 'Mentions', mutedUntil: null });
  const { mutedUntil, ...muted } = await set(chatId, { mutedForSeconds: 3_600 });
  expect(muted.notifyLevel).toBe('Mentions');
  const [clock] = await app.database.query(
    `select extract(epoch from $1::timestamptz - now())::int between 3500 and 3601 as is_right`,
    [mutedUntil],
  );
  expect(clock).toEqual({ is_right: true });
  expect(await row()).toEqual({ mutedUntil, ...muted });
  expect((await bob.trpc.chat.list.query({})).chats).toContainEqual({ mutedUntil, ...muted });
  expect(await alice.trpc.chat.get.query({ chatId })).toMatchObject({ notifyLevel: null, mutedUntil: null });
  expect(await set(chatId, { mutedForSeconds: null })).toMatchObject({ notifyLevel: 'Mentions', mutedUntil: null });
  expect(await set(chatId, { mutedForSeconds: null, level: 'Mentions' })).toMatchObject({ mutedUntil: null });
  expect(await set(chatId, { level: null })).toMatchObject({ notifyLevel: null });
  expect(await eventsIn(chatId)).toMatchObject(Array.from({ length: 4 }, () => ({ userId: bob.id, seq: null })));
});

test('a time that has passed reads as null', async () => {
  const chatId = await stage();
  await set(chatId, { level: 'All', mutedForSeconds: 60 });
  await app.database.query(
    `update chat_members set muted_until = now() - interval '1 second' where chat_id = $1 and user_id = $2`,
    [chatId, bob.id],
  );
  expect(await bob.trpc.chat.get.query({ chatId })).toMatchObject({ notifyLevel: 'All', mutedUntil: null });
});

test('an invalid choice, and a person who is not a member, are refused', async () => {
  const chatId = await stage();
  const bad = [
    {},
    { level: 'Some' },
    { mutedForSeconds: 0 },
    { mutedForSeconds: 1.5 },
    { mutedForSeconds: 31_536_001 },
  ];
  const refusals = await Promise.all(bad.map((input) => refusal(set(chatId, input))));
  expect(refusals.map((refused) => refused?.reason)).toEqual(bad.map(() => 'invalid_input'));
  const stranger = await app.signUp('stranger');
  const asked = { chatId, level: 'All' as const };
  expect(await refusal(stranger.trpc.chat.setNotifications.mutate(asked))).toMatchObject({ reason: 'chat_not_found' });
});
