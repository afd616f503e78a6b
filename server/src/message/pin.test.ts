import { limits } from '@fechatter/contract';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, expect, test } from 'vitest';
import { type Person, refusal, testServer } from '../testing/index.ts';
import { brokenRules } from '../testing/invariants.ts';

const app = await testServer({ FECHATTER_LIMITS_SENDS_PER_MINUTE: '0', FECHATTER_LIMITS_WRITES_PER_MINUTE: '0' });
afterAll(() => app[Symbol.asyncDispose]());
const { alice, bob, carol, dave, workspace } = await app.workspaceOf('alice', 'bob', 'carol', 'dave');

type ChatType = 'Single' | 'Group' | 'PrivateChannel' | 'PublicChannel';
/** A new chat of alice and bob. */
const chatOf = async (chatType: ChatType = 'Group') => {
  const input = { name: 'c', chatType, workspaceId: workspace.id, memberIds: [bob.id] };
  return (await alice.trpc.chat.create.mutate(input)).id;
};
const send = ({ trpc }: Person, chatId: string, content = 'hi') => trpc.message.send.mutate({ chatId, content });
/** The reason of a refusal, or `done`. */
const outcome = (call: Promise<unknown>) =>
  call.then(
    () => 'done',
    async () => (await refusal(call))?.reason,
  );
const pinsOf = async ({ trpc }: Person, chatId: string) => (await trpc.chat.pins.query({ chatId })).messages;
const eventsIn = async (chatId: string) =>
  (await app.events()).filter((event) => event.chatId === chatId && String(event.kind).endsWith('pinned'));

test('a pin is shown to everyone, is one change of the message, and changes no unread count', async () => {
  const chatId = await chatOf();
  const sent = await send(alice, chatId);
  const before = await alice.trpc.chat.get.query({ chatId });
  const ref = { chatId, messageId: sent.id };
  const pinned = await bob.trpc.message.pin.mutate(ref);
  expect(pinned).toEqual({ ...sent, version: sent.seq + 1, pinnedAt: expect.any(Date) });
  expect(await bob.trpc.message.pin.mutate(ref)).toEqual(pinned);
  expect(await alice.trpc.message.get.query(ref)).toEqual(pinned);
  expect((await alice.trpc.message.list.query({ chatId })).messages).toEqual([pinned]);
  expect(await pinsOf(alice, chatId)).toEqual([pinned]);
  expect(await alice.trpc.chat.get.query({ chatId })).toEqual({ ...before, lastSeq: before.lastSeq + 1 });

  const { pinnedAt } = pinned;
  expect(await alice.trpc.message.edit.mutate({ ...ref, content: 'ho' })).toMatchObject({ content: 'ho', pinnedAt });
  expect(await alice.trpc.message.react.mutate({ ...ref, emoji: '👍' })).toMatchObject({ pinnedAt });
  expect(await pinsOf(bob, chatId)).toMatchObject([{ content: 'ho', pinnedAt, reactions: [{ emoji: '👍' }] }]);
  const unpinned = await alice.trpc.message.unpin.mutate(ref);
  expect(unpinned).toMatchObject({ version: sent.seq + 4, reactions: [{ emoji: '👍' }] });
  expect(unpinned).not.toHaveProperty('pinnedAt');
  expect(await alice.trpc.message.unpin.mutate(ref)).toEqual(unpinned);
  expect(await pinsOf(bob, chatId)).toEqual([]);
  await alice.trpc.message.unreact.mutate({ ...ref, emoji: '👍' });
  expect(await app.database.query('select parts from messages where id = $1', [sent.id])).toEqual([{ parts: null }]);
  expect(await eventsIn(chatId)).toMatchObject([
    { kind: 'message.pinned', seq: sent.seq + 1, subjectId: sent.id, facts: { userId: bob.id } },
    { kind: 'message.unpinned', seq: sent.seq + 4, subjectId: sent.id, facts: { userId: alice.id } },
  ]);
});

test('the latest pin comes first, and deleted messages are not pinned', async () => {
  const chatId = await chatOf();
  const sent = [];
  for (const content of ['one', 'two', 'three']) sent.push(await send(bob, chatId, content));
  for (const n of [1, 2, 0]) await alice.trpc.message.pin.mutate({ chatId, messageId: sent[n]?.id ?? '' });
  const contents = async () => (await pinsOf(bob, chatId)).map(({ content }) => content);
  expect(await contents()).toEqual(['one', 'three', 'two']);
  const ref = { chatId, messageId: sent[2]?.id ?? '' };
  await bob.trpc.message.delete.mutate(ref);
  expect(await contents()).toEqual(['one', 'two']);
  expect(await refusal(bob.trpc.message.unpin.mutate(ref))).toMatchObject({ reason: 'message_not_found' });
  expect(await app.database.query('select from pins where chat_id = $1', [chatId])).toHaveLength(2);
  const after = await bob.trpc.message.unpin.mutate({ chatId, messageId: sent[1]?.id ?? '' });
  await bob.trpc.message.pin.mutate({ chatId, messageId: after.id });
  expect(await contents()).toEqual(['two', 'one']);
});

test('a chat has at most 100 pins, also with concurrent calls', async () => {
  const chatId = await chatOf();
  const otherId = await chatOf();
  const elsewhere = await send(alice, otherId);
  const ids = (await Promise.all(Array.from({ length: limits.pinsMax + 20 }, () => send(bob, chatId)))).map(
    ({ id }) => id,
  );
  const pin = ({ trpc }: Person, messageId: string) => trpc.message.pin.mutate({ chatId, messageId });
  await Promise.all(ids.slice(0, limits.pinsMax - 5).map((id) => pin(alice, id)));
  const responses = await Promise.all(
    ids.slice(limits.pinsMax - 5).map((id, n) => outcome(pin(n % 2 === 0 ? alice : bob, id))),
  );
  expect(responses.filter((response) => response === 'done')).toHaveLength(5);
  expect(responses.filter((response) => response === 'too_many_pins')).toHaveLength(20);
  const pinned = await pinsOf(alice, chatId);
  expect(pinned).toHaveLength(limits.pinsMax);
  // Pinning a pinned message succeeds, a missing one is reported as missing even when the chat is full, and other chats
  // have room.
  await pin(bob, pinned[50]?.id ?? '');
  expect(await refusal(pin(bob, elsewhere.id))).toMatchObject({ reason: 'message_not_found' });
  await bob.trpc.message.pin.mutate({ chatId: otherId, messageId: elsewhere.id });
  await bob.trpc.message.unpin.mutate({ chatId, messageId: pinned[99]?.id ?? '' });
  await pin(bob, ids.find((id) => !pinned.some((message) => message.id === id)) ?? '');
  expect(await brokenRules(app.database)).toEqual({});
});

test('concurrent pinning and unpinning end in one of the two states, with matching events', async () => {
  const chatId = await chatOf();
  const ref = { chatId, messageId: (await send(alice, chatId)).id };
  await Promise.all(
    Array.from({ length: 30 }, (_, n) =>
      (n % 2 === 0 ? alice : bob).trpc.message[n % 3 === 0 ? 'unpin' : 'pin'].mutate(ref),
    ),
  );
  const kinds = (await eventsIn(chatId)).map(({ kind }) => kind);
  expect(kinds.length).toBeGreaterThan(0);
  expect(kinds).toEqual(kinds.map((_, n) => (n % 2 === 0 ? 'message.pinned' : 'message.unpinned')));
  expect((await pinsOf(bob, chatId)).length).toBe(kinds.length % 2);
  expect(await brokenRules(app.database)).toEqual({});
});

test('pinning is refused without permission, in some chats, and for deleted messages', async () => {
  const stranger = await app.signUp('stranger');
  const pinIn = async (chatId: string, { trpc }: Pick<Person, 'trpc'>, messageId?: string) => {
    const ref = { chatId, messageId: messageId ?? (await send(alice, chatId)).id };
    const pinned = await outcome(trpc.message.pin.mutate(ref));
    return [...new Set([pinned, await outcome(trpc.message.unpin.mutate(ref))])];
  };
  for (const type of ['Single', 'Group'] as const) expect(await pinIn(await chatOf(type), bob)).toEqual(['done']);
  const closed = await chatOf('PrivateChannel');
  expect(await pinIn(closed, bob)).toEqual(['role_too_low']);
  expect(await pinIn(closed, alice)).toEqual(['done']);
  const chatId = await chatOf('PublicChannel');
  await alice.trpc.workspace.setRole.mutate({ workspaceId: workspace.id, userId: dave.id, role: 'Admin' });
  expect(await pinIn(chatId, { trpc: app.anonymous })).toEqual(['not_signed_in']);
  expect(await pinIn(chatId, stranger)).toEqual(['chat_not_found']);
  expect(await pinIn(chatId, carol)).toEqual(['not_a_member']);
  expect(await pinIn(chatId, bob)).toEqual(['role_too_low']);
  expect(await pinIn(chatId, bob, uuidv7())).toEqual(['role_too_low']);
  expect(await pinIn(chatId, dave)).toEqual(['done']);
  expect(await pinIn(chatId, alice, uuidv7())).toEqual(['message_not_found']);
  expect(await pinIn(chatId, alice, 'no id')).toEqual(['invalid_input']);
  expect(await pinIn(chatId, stranger, 'no id')).toEqual(['chat_not_found']);

  const { id: messageId } = await send(alice, chatId, 'read by all');
  await alice.trpc.message.pin.mutate({ chatId, messageId });
  expect(await pinsOf(carol, chatId)).toMatchObject([{ content: 'read by all' }]);
  expect(await refusal(stranger.trpc.chat.pins.query({ chatId }))).toMatchObject({ reason: 'chat_not_found' });
  expect(await refusal(dave.trpc.chat.pins.query({ chatId: closed }))).toMatchObject({ reason: 'chat_not_found' });

  await alice.trpc.chat.archive.mutate({ chatId });
  expect(await pinIn(chatId, alice, messageId)).toEqual(['chat_archived']);
  expect(await pinIn(chatId, bob, messageId)).toEqual(['role_too_low']);
  expect(await pinsOf(bob, chatId)).toHaveLength(1);
  expect(await brokenRules(app.database)).toEqual({});
});
