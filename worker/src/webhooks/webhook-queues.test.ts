import { refusal } from '@fechatter/server/testing';
import { afterAll, afterEach, expect, test } from 'vitest';
import { webhookStage } from '../testing/webhook-stage.ts';
import { deleteDeliveries } from './delete-deliveries.ts';

const stage = await webhookStage();
afterAll(() => stage[Symbol.asyncDispose]());
afterEach(() => stage.clear());
const { app, deps, alice, chatId, consume, botIn, hookOf, say } = stage;

test('a full queue drops events and counts them', async () => {
  const bot = await botIn(chatId);
  const { webhook } = await hookOf(bot.id, 'http://127.0.0.1:1/');
  await app.database.query(`insert into webhook_deliveries (webhook_id, due_at)
    select '${webhook.id}', case when n % 2 = 0 then now() + interval '1 hour' end from generate_series(1, 10000) n`);
  await say('too much');
  await consume();
  const [full] = (await alice.trpc.webhook.list.query({ botId: bot.id })).webhooks;
  expect(full).toMatchObject({ droppedCount: 1, droppedAt: expect.any(Date) });
  const ref = { webhookId: webhook.id };
  expect(await refusal(alice.trpc.webhook.test.mutate(ref))).toMatchObject({ reason: 'quota_exceeded' });
  // There is room for two again, which is found when the queue is counted again.
  await app.database.query(`delete from webhook_deliveries where id in (
    select id from webhook_deliveries where webhook_id = '${webhook.id}' limit 2)`);
  await say('not yet');
  await consume();
  await app.database.query(
    `update webhook_lanes set full_at = now() - interval '11 seconds' where full_at is not null`,
  );
  for (const content of ['fits', 'fits too', 'does not']) await say(content);
  await consume();
  const waiting = await app.database.query(`select 1 from webhook_deliveries where webhook_id = '${webhook.id}'`);
  expect(waiting).toHaveLength(10_000);
  expect((await alice.trpc.webhook.list.query({ botId: bot.id })).webhooks).toMatchObject([{ droppedCount: 3 }]);
});

test('old deliveries are deleted, and all of a webhook that was deleted or whose bot was', async () => {
  const bot = await botIn(chatId);
  const { webhook } = await hookOf(bot.id, 'http://127.0.0.1:1/');
  const { webhook: deleted } = await hookOf(bot.id, 'http://127.0.0.1:1/');
  const insert = (webhookId: string, count: number, days: number, state = 'Delivered') =>
    app.database.query(`insert into webhook_deliveries (webhook_id, state, finished_at)
      select '${webhookId}', '${state}', case when '${state}' <> 'Waiting' then now() - interval '${days} days' end
      from generate_series(1, ${count})`);
  await insert(webhook.id, 5, 8);
  await insert(webhook.id, 1_100, 1);
  await insert(webhook.id, 3, 0, 'Waiting');
  await insert(deleted.id, 10, 0, 'Waiting');
  await alice.trpc.webhook.delete.mutate({ webhookId: deleted.id });
  await deleteDeliveries(deps, new AbortController().signal);
  const count = async (table: string, id: string) =>
    (await app.database.query<{ n: number }>(`select count(*)::int as n from ${table} where webhook_id = '${id}'`))[0]
      ?.n;
  expect(await count('webhook_deliveries', webhook.id)).toBe(1_003);
  expect(await count('webhook_deliveries', deleted.id)).toBe(0);
  expect(await count('webhook_secrets', deleted.id)).toBe(0);
  await alice.trpc.bot.delete.mutate({ botId: bot.id });
  await deleteDeliveries(deps, new AbortController().signal);
  expect(await app.database.query(`select 1 from webhooks where bot_id = '${bot.id}'`)).toEqual([]);
});
