import { createMessageCipher, rotateKeys } from '@fechatter/drizzle';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, expect, test } from 'vitest';
import { refusal, testServer } from '../testing/index.ts';
import { brokenRules } from '../testing/invariants.ts';

const app = await testServer({ FECHATTER_LIMITS_SENDS_PER_MINUTE: '0' });
afterAll(() => app[Symbol.asyncDispose]());
const { alice, bob, carol, chat, workspace } = await app.chatOf('alice', 'bob', 'carol');
const chatId = chat.id;
const send = (more: object) => alice.trpc.message.send.mutate({ chatId, content: 'hi', ...more });
const get = (messageId: string) => bob.trpc.message.get.query({ chatId, messageId });

test('a quote and data come with the message, however it is read, and a plain message has neither', async () => {
  const quoted = await send({ content: 'first' });
  expect(quoted).not.toHaveProperty('quotedId');
  expect(quoted).not.toHaveProperty('data');
  const clientId = uuidv7();
  const data = '{"poll":["a","b"]}';
  const sent = await send({ content: 'so', quotedId: quoted.id, data, clientId });
  expect(sent).toMatchObject({ content: 'so', quotedId: quoted.id, data, clientId });
  expect(await get(sent.id)).toEqual(sent);
  const { messages } = await bob.trpc.message.list.query({ chatId, ids: [sent.id] });
  expect(messages).toEqual([sent]);
  expect(await send({ content: 'so', quotedId: quoted.id, data, clientId })).toEqual(sent);
  expect((await bob.trpc.chat.get.query({ chatId })).lastMessage).toMatchObject({ id: sent.id, content: 'so' });
  const lines = (await alice.trpc.user.export.query({ limit: 100 })).lines;
  expect(lines).toContainEqual({ type: 'message', ...sent });
  // A reply can quote too, and a quoting message can be quoted.
  const { id: threadId } = await send({ content: 'a root' });
  expect(await send({ threadId, quotedId: sent.id })).toMatchObject({ threadId, quotedId: sent.id });
  // A quoted message that was deleted since is still named, but cannot be read.
  await alice.trpc.message.delete.mutate({ chatId, messageId: quoted.id });
  expect(await get(sent.id)).toMatchObject({ quotedId: quoted.id, data });
  expect((await bob.trpc.message.list.query({ chatId, ids: [quoted.id] })).messages).toEqual([]);
  await alice.trpc.message.delete.mutate({ chatId, messageId: sent.id });
  expect(await app.database.query('select body, parts from messages where id = $1', [sent.id])).toEqual([
    { body: null, parts: null },
  ]);
  expect(await brokenRules(app.database)).toEqual({});
});

test('an edit, a reaction and a pin keep quote and data; the same content changes nothing', async () => {
  const quoted = await send({ content: 'first' });
  const sent = await send({ quotedId: quoted.id, data: 'ü'.repeat(4_096) });
  const ref = { chatId, messageId: sent.id };
  expect(await alice.trpc.message.edit.mutate({ ...ref, content: 'hi' })).toEqual(sent);
  const kept = { quotedId: quoted.id, data: sent.data };
  expect(await alice.trpc.message.edit.mutate({ ...ref, content: 'ho' })).toMatchObject({ content: 'ho', ...kept });
  await bob.trpc.message.react.mutate({ ...ref, emoji: '👍' });
  await bob.trpc.message.unreact.mutate({ ...ref, emoji: '👍' });
  await bob.trpc.message.pin.mutate(ref);
  await bob.trpc.message.unpin.mutate(ref);
  expect(await get(sent.id)).toMatchObject({ content: 'ho', ...kept });
  const mentioning = await send({ content: `<@${bob.id}>`, ...kept });
  expect(mentioning).toMatchObject({ mentions: { userIds: [bob.id] }, ...kept });
  const less = await alice.trpc.message.edit.mutate({ chatId, messageId: mentioning.id, content: 'nobody' });
  expect(less).toMatchObject(kept);
  expect(less).not.toHaveProperty('mentions');
});

test('a plain message is encrypted as before, data is nowhere in plain text, and both survive new keys', async () => {
  const plain = await send({ content: 'a plain text' });
  const withData = await send({ content: 'a text', data: 'a secret of the app' });
  const empty = await send({ content: 'a text', data: '' });
  expect(empty.data).toBe('');
  const bodyOf = async (id: string) => {
    const [row] = await app.database.query<{ body: Buffer; parts: unknown }>(
      'select body, parts from messages where id = $1',
      [id],
    );
    if (row === undefined) throw new Error('it is there');
    return row;
  };
  const { body, parts } = await bodyOf(plain.id);
  expect(parts).toBeNull();
  expect(app.deps.cipher.open(chatId, plain.id, body)).toBe('a plain text');
  // Key id, nonce, text and tag, and nothing else.
  expect(body.length).toBe(2 + 12 + 'a plain text'.length + 16);
  expect(await app.database.query(`select from messages m where m::text like '%secret%'`)).toEqual([]);

  const old = app.deps.config.encryption.keys.map(({ id, key }) => ({ id, key: Buffer.from(key) }));
  const renewing = { id: 4_711, key: Buffer.alloc(32, 9) };
  const ring = [renewing, ...old];
  await rotateKeys(app.deps.db.pool, ring);
  const renewed = await bodyOf(withData.id);
  expect(renewed.body.readUInt16BE(0)).toBe(4_711);
  const opened = createMessageCipher(ring).open(chatId, withData.id, renewed.body);
  expect(opened).toBe('a text\0a secret of the app');
  await rotateKeys(app.deps.db.pool, [...old, renewing]);
  expect(await get(withData.id)).toEqual(withData);
  expect(await get(empty.id)).toEqual(empty);
});

test('a clientId is valid for one message: with another thread, quote or data it is refused', async () => {
  const [one, other] = [await send({ content: '1' }), await send({ content: '2' })];
  const variants = [
    {},
    { data: '' },
    { data: 'x' },
    { quotedId: one.id },
    { quotedId: other.id },
    { threadId: one.id },
    { quotedId: one.id, data: 'x' },
    { threadId: one.id, quotedId: one.id },
    { threadId: one.id, data: one.id },
    { data: JSON.stringify([one.id, null, [], null]) },
  ];
  for (const first of variants) {
    const clientId = uuidv7();
    const sent = await send({ clientId, ...first });
    for (const again of variants) {
      const call = send({ clientId, ...again });
      if (again === first) expect((await call).id).toBe(sent.id);
      else expect(await refusal(call)).toMatchObject({ code: 'CONFLICT', reason: 'client_id_reused' });
    }
  }
});

test('only an undeleted message of this chat can be quoted', async () => {
  const input = { name: 'o', chatType: 'Group' as const, workspaceId: workspace.id, memberIds: [bob.id] };
  const elsewhere = await alice.trpc.chat.create.mutate(input);
  const other = await alice.trpc.message.send.mutate({ chatId: elsewhere.id, content: 'there' });
  const deleted = await send({});
  await alice.trpc.message.delete.mutate({ chatId, messageId: deleted.id });
  const root = await send({});
  for (const quotedId of [other.id, deleted.id, uuidv7()])
    for (const more of [{}, { threadId: root.id }])
      expect(await refusal(send({ quotedId, ...more }))).toMatchObject({
        code: 'NOT_FOUND',
        reason: 'message_not_found',
      });
  for (const bad of [{ quotedId: 'x' }, { data: 'x'.repeat(4_097) }, { data: 'a\0b' }, { data: '\ud800' }, { data: 7 }])
    expect(await refusal(send(bad))).toMatchObject({ reason: 'invalid_input' });
  // A repeat has the result of the first call, whatever happened to the quoted message.
  const quoted = await send({});
  const clientId = uuidv7();
  const sent = await send({ clientId, quotedId: quoted.id });
  await alice.trpc.message.delete.mutate({ chatId, messageId: quoted.id });
  expect((await send({ clientId, quotedId: quoted.id })).id).toBe(sent.id);
  // A person who cannot send learns nothing of it.
  await carol.trpc.chat.leave.mutate({ chatId });
  const call = carol.trpc.message.send.mutate({ chatId, content: 'x', quotedId: uuidv7() });
  expect(await refusal(call)).toMatchObject({ reason: 'chat_not_found' });
});

test('quoting a message while it is deleted succeeds before, or is refused after', async () => {
  const quoted = await send({});
  const quotes = Array.from({ length: 30 }, () =>
    bob.trpc.message.send.mutate({ chatId, content: 'so', quotedId: quoted.id }).then(
      ({ seq }) => seq,
      (error: { data?: { reason?: string } }) => error.data?.reason,
    ),
  );
  await alice.trpc.message.delete.mutate({ chatId, messageId: quoted.id });
  const [row] = await app.database.query<{ version: string }>('select version from messages where id = $1', [
    quoted.id,
  ]);
  const outcomes = await Promise.all(quotes);
  expect(outcomes).toHaveLength(30);
  for (const outcome of outcomes)
    expect(typeof outcome === 'number' ? outcome < Number(row?.version) : outcome === 'message_not_found').toBe(true);
  expect(await brokenRules(app.database)).toEqual({});
});
