import type { WebhookKind } from '@fechatter/contract';
import { openDatabase, stepConsumer } from '@fechatter/drizzle';
import { accessOf } from '@fechatter/drizzle/testing';
import { testServer } from '@fechatter/server/testing';
import { createGuardedRequest } from '@fechatter/service-kit';
import { expect } from 'vitest';
import type { LaneDeps } from '../webhooks/run-lane.ts';
import { runWebhooks } from '../webhooks/run-webhooks.ts';
import { webhookConsumer } from '../webhooks/webhook-consumer.ts';
import { workerDeps } from './worker-deps.ts';

/** For tests: a server with a workspace of Alice, who owns it, and Bob, and workers whose steps the test calls for. */
export async function webhookStage() {
  const app = await testServer({ FECHATTER_LIMITS_HEAVY_PER_MINUTE: '0', FECHATTER_MAIL_VIA: 'files' });
  const deps: LaneDeps = {
    ...workerDeps(app),
    request: createGuardedRequest({ outbound: { allow: ['127.0.0.0/8'] } }),
    onUnreadable: (error: unknown) => expect.fail(String(error)),
  };
  const consumerDb = openDatabase(accessOf(app.database, 'worker'));
  const { alice, bob, chat, workspace } = await app.chatOf('alice', 'bob');
  const { workspaceId, chatId } = { workspaceId: workspace.id, chatId: chat.id };

  /** Adds what happened to the queues, as a worker does all the time. */
  const consume = async () => {
    for (;;) {
      await app.database.query('select log_step()');
      if ((await stepConsumer(consumerDb, webhookConsumer)).did === 'nothing') return;
    }
  };
  await consume();
  let stop = new AbortController();
  let sending: ReturnType<typeof runWebhooks>[] = [];
  const stopSending = async () => {
    stop.abort();
    await Promise.all(sending.map(({ ended }) => ended));
    stop = new AbortController();
    sending = [];
  };
  return {
    app,
    deps,
    alice,
    bob,
    workspaceId,
    chatId,
    consume,
    /** One more worker sends, until `stopSending`. */
    startSending: (other: Partial<LaneDeps> = {}) =>
      void sending.push(runWebhooks({ deps: { ...deps, ...other }, signal: stop.signal })),
    stopSending,
    botIn: async (...chatIds: string[]) => {
      const input = { workspaceId, name: 'hook', scopes: ['read' as const, 'write' as const] };
      const { bot, apiKey } = await alice.trpc.bot.create.mutate(input);
      for (const id of chatIds) await alice.trpc.chat.addMembers.mutate({ chatId: id, userIds: [bot.id] });
      await consume();
      return { ...bot, trpc: app.client({ authorization: `Bearer ${apiKey}` }) };
    },
    hookOf: (botId: string, url: string, kinds: WebhookKind[] = ['message.created']) =>
      alice.trpc.webhook.create.mutate({ botId, url, kinds }),
    say: (content: string, by = bob) => by.trpc.message.send.mutate({ chatId, content }),
    deliveriesOf: async (webhookId: string) =>
      (await alice.trpc.webhook.deliveries.query({ webhookId, limit: 100 })).deliveries,
    /** Every retry is due. */
    dueNow: () =>
      app.database.query(`
        with d as (
          update webhook_deliveries set due_at = now() - interval '1 minute' where state = 'Waiting' and due_at is not null)
        update webhook_lanes set due_at = now() - interval '1 minute' where is_retry and lease is null`),
    /** The next test's messages are sent to no webhook of this one. */
    async clear() {
      await stopSending();
      await app.database.query('update webhooks set deleted_at = now()');
    },
    async [Symbol.asyncDispose]() {
      await consumerDb.close();
      await deps.db.close();
      await app[Symbol.asyncDispose]();
    },
  };
}
