import { v7 as uuidv7 } from 'uuid';
import { expect, test } from 'vitest';
import { refusal, signedIn, testServer } from '../testing/index.ts';

test('a repeat with the same clientId is sent once', async () => {
  await using app = await testServer();
  const { alice, chat } = await app.chatOf('alice', 'bob');
  const input = { chatId: chat.id, content: 'hi', clientId: uuidv7() };
  const first = await alice.trpc.message.send.mutate(input);
  expect(await alice.trpc.message.send.mutate(input)).toEqual(first);
  expect(await alice.trpc.message.send.mutate({ ...input, clientId: input.clientId.toUpperCase() })).toEqual(first);
  expect((await app.events()).filter(({ kind }) => kind === 'message.created')).toHaveLength(1);
});

test('repeats at once, through two servers, are sent once', async () => {
  await using app = await testServer();
  const { alice, chat } = await app.chatOf('alice', 'bob');
  const other = signedIn((await app.another()).url, alice.session);
  const inputs = Array.from({ length: 25 }, (_, n) => ({
    chatId: chat.id,
    content: `message ${n}`,
    clientId: uuidv7(),
  }));
  const responses = await Promise.all(
    inputs.map((input) =>
      Promise.all([alice.trpc, other, alice.trpc, other].map((trpc) => trpc.message.send.mutate(input))),
    ),
  );
  for (const [index, [first, ...repeats]] of responses.entries()) {
    expect(first?.content).toBe(inputs[index]?.content);
    for (const repeat of repeats) expect(repeat).toEqual(first);
  }
  const numbers = responses.map(([first]) => first?.number ?? 0).sort((a, b) => a - b);
  expect(numbers).toEqual(inputs.map((_, index) => index + 1));
});

test('a repeat after a restart is the same message', async () => {
  await using app = await testServer();
  const { alice, chat } = await app.chatOf('alice', 'bob');
  const input = { chatId: chat.id, content: 'hi', clientId: uuidv7() };
  const first = await alice.trpc.message.send.mutate(input);
  await app.stop();
  const again = signedIn((await app.another()).url, alice.session);
  expect(await again.message.send.mutate(input)).toEqual(first);
  expect(await refusal(again.message.send.mutate({ ...input, content: 'ho' }))).toMatchObject({
    reason: 'client_id_reused',
  });
});

test('a clientId is one message per chat and sender: other content is refused, other senders may use it', async () => {
  await using app = await testServer();
  const { alice, bob, chat, workspace } = await app.chatOf('alice', 'bob');
  const elsewhere = await alice.trpc.chat.create.mutate({
    name: 'b',
    chatType: 'Group',
    workspaceId: workspace.id,
    memberIds: [],
  });
  const input = { chatId: chat.id, content: 'hi', clientId: uuidv7() };
  const first = await alice.trpc.message.send.mutate(input);
  expect(await refusal(alice.trpc.message.send.mutate({ ...input, content: 'ho' }))).toMatchObject({
    code: 'CONFLICT',
    reason: 'client_id_reused',
  });
  const [byBob, inElsewhere] = [
    await bob.trpc.message.send.mutate({ ...input, content: 'ho' }),
    await alice.trpc.message.send.mutate({ ...input, chatId: elsewhere.id, content: 'ho' }),
  ];
  expect(new Set([first.id, byBob.id, inElsewhere.id]).size).toBe(3);
});

test('two contents for one clientId at once: one is sent, the other refused', async () => {
  await using app = await testServer();
  const { alice, chat } = await app.chatOf('alice', 'bob');
  const clientId = uuidv7();
  const outcomes = await Promise.allSettled(
    ['hi', 'ho'].map((content) => alice.trpc.message.send.mutate({ chatId: chat.id, content, clientId })),
  );
  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect((await alice.trpc.message.list.query({ chatId: chat.id })).messages).toHaveLength(1);
});

test('a repeat returns the message as it is now, and is compared with its first content', async () => {
  await using app = await testServer();
  const { alice, chat } = await app.chatOf('alice', 'bob');
  const input = { chatId: chat.id, content: 'first', clientId: uuidv7() };
  const { id: messageId } = await alice.trpc.message.send.mutate(input);
  const edited = await alice.trpc.message.edit.mutate({ chatId: chat.id, messageId, content: 'second' });
  expect(await alice.trpc.message.send.mutate(input)).toEqual(edited);
  expect(await refusal(alice.trpc.message.send.mutate({ ...input, content: 'second' }))).toMatchObject({
    reason: 'client_id_reused',
  });
  await alice.trpc.message.delete.mutate({ chatId: chat.id, messageId });
  expect(await alice.trpc.message.send.mutate(input)).toMatchObject({
    id: messageId,
    content: '',
    deletedAt: expect.any(Date),
  });
  expect((await alice.trpc.message.list.query({ chatId: chat.id })).messages).toEqual([]);
});

test('a person who has left cannot read what they sent', async () => {
  await using app = await testServer();
  const { bob, chat } = await app.chatOf('alice', 'bob');
  const input = { chatId: chat.id, content: 'hi', clientId: uuidv7() };
  await bob.trpc.message.send.mutate(input);
  await bob.trpc.chat.leave.mutate({ chatId: chat.id });
  for (const content of ['hi', 'ho'])
    expect(await refusal(bob.trpc.message.send.mutate({ ...input, content }))).toMatchObject({
      code: 'NOT_FOUND',
      reason: 'chat_not_found',
    });
});
