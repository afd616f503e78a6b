import { until } from '@fechatter/testing/until';
import { afterAll, expect, test } from 'vitest';
import { refusal, testServer, publishedSignals } from '../testing/index.ts';

const app = await testServer();
afterAll(() => app[Symbol.asyncDispose]());
const { alice, bob, carol, workspace } = await app.workspaceOf('alice', 'bob', 'carol');
const defaults = { showPresence: true, showReceipts: true, pushPreviews: false, quietHours: null, blockedUserIds: [] };
const quietHours = { from: '22:00', to: '07:00', days: [1, 2, 3, 4, 5], timeZone: 'Europe/Berlin' };
const eventsFor = async (id: string) =>
  (await app.events()).filter(({ kind, userId }) => kind === 'user.preferences' && userId === id);

test('preferences have defaults, and stay as they are set', async () => {
  const dora = await app.signUp('dora');
  const { preferences, setPreferences } = dora.trpc.user;
  expect(await preferences.query()).toEqual(defaults);
  expect(await setPreferences.mutate({})).toEqual(defaults);
  expect(await setPreferences.mutate({ quietHours, pushPreviews: true })).toEqual({
    ...defaults,
    quietHours,
    pushPreviews: true,
  });
  expect(await setPreferences.mutate({ quietHours })).toMatchObject({ pushPreviews: true });
  expect(await setPreferences.mutate({ quietHours: null, showPresence: false })).toEqual({
    ...defaults,
    pushPreviews: true,
    showPresence: false,
  });
  expect(await preferences.query()).toMatchObject({ showPresence: false });
  expect(await eventsFor(dora.id)).toHaveLength(2);
});

test('invalid quiet hours are refused', async () => {
  const bad = [
    { ...quietHours, from: '24:00' },
    { ...quietHours, to: '7:00' },
    { ...quietHours, days: [] },
    { ...quietHours, days: [0] },
    { ...quietHours, days: [1, 1] },
    { ...quietHours, timeZone: 'Mars/Olympus' },
    { ...quietHours, timeZone: '../../etc/passwd' },
    { ...quietHours, timeZone: '+01:00' },
    { ...quietHours, timeZone: 'A'.repeat(65) },
  ];
  const responses = await Promise.all(
    bad.map((hours) => refusal(alice.trpc.user.setPreferences.mutate({ quietHours: hours }))),
  );
  expect(responses.map((refused) => refused?.reason)).toEqual(bad.map(() => 'invalid_input'));
});

test('a person who hides receipts is no reader, sees none, and sends and receives no receipts', async () => {
  await using published = await publishedSignals(app.database);
  const input = { workspaceId: workspace.id, chatType: 'Group' as const, name: 'g', memberIds: [bob.id, carol.id] };
  const { id: chatId } = await alice.trpc.chat.create.mutate(input);
  const { id: messageId } = await alice.trpc.message.send.mutate({ chatId, content: 'one' });
  await carol.trpc.user.setPreferences.mutate({ showReceipts: false });
  for (const who of [bob, carol]) await who.trpc.chat.markRead.mutate({ chatId, number: 1 });
  const readers = (who: typeof bob) => who.trpc.message.readers.query({ chatId, messageId });
  expect((await readers(alice)).users.map(({ id }) => id)).toEqual([bob.id]);
  expect(await refusal(readers(carol))).toMatchObject({ reason: 'receipts_off' });
  await until(() => published.signals.some((s) => s.userId === bob.id), 'the signal of bob');
  await carol.trpc.user.setPreferences.mutate({ showReceipts: true });
  expect((await readers(carol)).users.map(({ id }) => id)).toEqual([bob.id, carol.id].sort());
  await alice.trpc.message.send.mutate({ chatId, content: 'two' });
  await carol.trpc.chat.markRead.mutate({ chatId, number: 2 });
  await until(() => published.signals.some((s) => s.userId === carol.id), 'the signal of carol');
  const numbers = published.signals.flatMap((s) =>
    s.kind === 'seen' && s.userId === carol.id ? [s.lastReadNumber] : [],
  );
  expect(numbers).toEqual([2]);
});
