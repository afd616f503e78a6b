import { until } from '@fechatter/testing/until';
import { afterAll, afterEach, expect, test } from 'vitest';
import { hookReceiver, verified } from '../testing/hook-receiver.ts';
import { webhookStage } from '../testing/webhook-stage.ts';

const stage = await webhookStage();
afterAll(() => stage[Symbol.asyncDispose]());
afterEach(() => stage.clear());
const { app, alice, bob, chatId, consume, startSending, stopSending, botIn, hookOf, say, deliveriesOf } = stage;

test('what the bot sees is sent in order, signed, as its stream shows it, but not its own messages', async () => {
  await using receiver = await hookReceiver();
  const bot = await botIn(chatId);
  const { webhook, secret } = await hookOf(bot.id, receiver.url, [
    'message.created',
    'message.deleted',
    'message.reacted',
    'chat.updated',
  ]);
  expect(webhook).toMatchObject({ botId: bot.id, isEnabled: true, failingSince: null, createdBy: alice.id });
  const first = await say('first');
  const own = await bot.trpc.message.send.mutate({ chatId, content: 'own' });
  await bot.trpc.message.delete.mutate({ chatId, messageId: own.id });
  await bot.trpc.message.react.mutate({ chatId, messageId: first.id, emoji: '👍' });
  await alice.trpc.message.react.mutate({ chatId, messageId: first.id, emoji: '👍' });
  for (let n = 0; n < 20; n++) await say(`number ${n}`);
  await consume();
  startSending();
  await receiver.has(22);
  expect(receiver.hooks.map(({ body }) => (body.data.message as { content?: string } | undefined)?.content)).toEqual([
    'first',
    undefined,
    ...Array.from({ length: 20 }, (_, n) => `number ${n}`),
  ]);
  const [hook] = receiver.hooks;
  if (hook === undefined) throw new Error('none');
  expect(hook.body).toMatchObject({
    type: 'message.created',
    timestamp: expect.stringMatching(/^20\d\d-.*Z$/),
    data: {
      chat_id: chatId,
      seq: first.seq,
      message: { id: first.id, sender: { kind: 'Person' }, created_at: first.createdAt.toISOString() },
    },
  });
  expect(hook.body.data).not.toHaveProperty('kind');
  expect(verified(secret, hook)).toEqual(hook.body);
  expect(() => verified(`whsec_${Buffer.alloc(32).toString('base64')}`, hook)).toThrow();
  await until(async () => (await deliveriesOf(webhook.id)).every(({ state }) => state === 'Delivered'), 'recorded');
  const [, oldest] = [await deliveriesOf(webhook.id), (await deliveriesOf(webhook.id)).at(-1)];
  expect(oldest).toMatchObject({
    messageId: hook.id,
    kind: 'message.created',
    attempts: 1,
    status: 204,
    failure: null,
  });
  const stored = JSON.stringify([
    await app.database.query('select * from webhooks'),
    await app.database.query('select * from webhook_deliveries'),
    await app.database.query(`select encode(sealed, 'escape') from webhook_secrets`),
  ]);
  expect(stored).not.toContain(secret.slice(6));
  expect(stored).not.toContain('number 3');
});

test('a body is made when it is sent: what was deleted or edited meanwhile is not shown', async () => {
  await using receiver = await hookReceiver();
  const bot = await botIn(chatId);
  await hookOf(bot.id, receiver.url);
  const [edited, deleted] = [await say('before'), await say('secret')];
  await consume();
  await bob.trpc.message.edit.mutate({ chatId, messageId: edited.id, content: 'after' });
  await bob.trpc.message.delete.mutate({ chatId, messageId: deleted.id });
  startSending();
  await receiver.has(2);
  expect(receiver.hooks.map(({ body }) => (body.data.message as { content: string }).content)).toEqual(['after', '']);
});

test('a bot that was removed from a chat, or deleted, is sent nothing more', async () => {
  await using receiver = await hookReceiver();
  const [removed, deleted] = [await botIn(chatId), await botIn(chatId)];
  const { webhook } = await hookOf(removed.id, receiver.url, ['message.created', 'member.left']);
  await hookOf(deleted.id, receiver.url);
  await say('waits');
  await consume();
  await alice.trpc.chat.removeMember.mutate({ chatId, userId: removed.id });
  await alice.trpc.bot.delete.mutate({ botId: deleted.id });
  await say('later');
  await consume();
  startSending();
  // The end of its membership is the last that it sees.
  await receiver.has(1);
  await until(async () => (await deliveriesOf(webhook.id)).every(({ state }) => state !== 'Waiting'), 'all are done');
  expect(receiver.kinds()).toEqual(['member.left']);
  expect(await deliveriesOf(webhook.id)).toMatchObject([
    { kind: 'member.left', state: 'Delivered' },
    { kind: 'message.created', state: 'Skipped', failure: 'not_visible', attempts: 0 },
  ]);
});

test('a bot that is removed while its events are sent gets none of what is written after that', async () => {
  await using removedAt = await hookReceiver();
  await using stayingAt = await hookReceiver();
  const [removed, staying] = [await botIn(chatId), await botIn(chatId)];
  await hookOf(removed.id, removedAt.url, ['message.created', 'member.left']);
  await hookOf(staying.id, stayingAt.url);
  startSending();
  await say('for both');
  await consume();
  await removedAt.has(1);
  await alice.trpc.chat.removeMember.mutate({ chatId, userId: removed.id });
  for (const content of ['after it', 'and more']) await say(content);
  await consume();
  await stayingAt.has(3);
  await removedAt.has(2);
  expect(removedAt.kinds()).toEqual(['message.created', 'member.left']);
});

test('for a day after a rotation both secrets sign, then the new one alone', async () => {
  await using receiver = await hookReceiver();
  const bot = await botIn(chatId);
  const { webhook, secret } = await hookOf(bot.id, receiver.url);
  const ref = { webhookId: webhook.id };
  const { secret: second } = await alice.trpc.webhook.rotateSecret.mutate(ref);
  await alice.trpc.webhook.test.mutate(ref);
  startSending();
  await receiver.has(1);
  await app.database.query(
    `update webhook_secrets set ends_at = now() - interval '1 minute' where ends_at is not null`,
  );
  await alice.trpc.webhook.test.mutate(ref);
  await receiver.has(2);
  const [both, one] = receiver.hooks;
  if (both === undefined || one === undefined) throw new Error('two arrived');
  for (const each of [secret, second]) verified(each, both);
  verified(second, one);
  expect(() => verified(secret, one)).toThrow();
});

test('two workers send each event once', async () => {
  await using receiver = await hookReceiver();
  const bot = await botIn(chatId);
  await hookOf(bot.id, receiver.url);
  startSending();
  startSending();
  for (let n = 0; n < 20; n++) {
    await say(`${n}`);
    await consume();
  }
  await receiver.has(20);
  await stopSending();
  expect(receiver.hooks.map(({ body }) => (body.data.message as { content: string }).content)).toEqual(
    Array.from({ length: 20 }, (_, n) => `${n}`),
  );
});
