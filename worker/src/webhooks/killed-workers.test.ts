import { accessOf } from '@fechatter/drizzle/testing';
import { testServer } from '@fechatter/server/testing';
import { testEnvironment } from '@fechatter/service-kit/testing';
import { builtService } from '@fechatter/testing/built-service';
import { authority } from '@fechatter/testing/certificates';
import { until } from '@fechatter/testing/until';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { hookReceiver, verified } from '../testing/hook-receiver.ts';

const app = await testServer();
const ca = await authority('webhook receivers');
const folder = await mkdtemp(join(tmpdir(), 'fechatter-hooks-'));
const caFile = join(folder, 'ca.pem');
await writeFile(caFile, ca.cert);
const certificate = await ca.sign('localhost');
const { alice, chat, workspace } = await app.chatOf('alice', 'bob');
afterAll(async () => {
  await ca[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
  await app[Symbol.asyncDispose]();
});

/** A worker as in production, which trusts the authority of the tests. */
async function startWorker() {
  return spawn(process.execPath, [await builtService('worker')], {
    stdio: 'ignore',
    env: {
      PATH: process.env.PATH,
      NODE_EXTRA_CA_CERTS: caFile,
      FECHATTER_DATABASE_URL: accessOf(app.database, 'worker').url,
      FECHATTER_ENCRYPTION_KEYS: testEnvironment.FECHATTER_ENCRYPTION_KEYS,
      FECHATTER_WORKER_PORT: '0',
      FECHATTER_WORKER_METRICS_PORT: '0',
      FECHATTER_OUTBOUND_ALLOW: '127.0.0.0/8,::1',
      FECHATTER_SEARCH_ENABLED: 'false',
    },
  });
}

test.each(['before it has sent', 'before it has recorded the response'])(
  'of a worker that is killed %s, the next one sends the event, over TLS, with the same id',
  async (moment) => {
    const scopes = ['read' as const];
    const { bot } = await alice.trpc.bot.create.mutate({ workspaceId: workspace.id, name: 'hook', scopes });
    await alice.trpc.chat.addMembers.mutate({ chatId: chat.id, userIds: [bot.id] });
    const worker = { kill: (): unknown => undefined };
    let connections = 0;
    await using receiver = await hookReceiver({
      certificate,
      // The lane is taken, and nothing was sent yet.
      onConnection: () => void (++connections === 1 && moment === 'before it has sent' && worker.kill()),
      respond(response) {
        if (receiver.hooks.length === 1 && moment !== 'before it has sent') worker.kill();
        response.writeHead(204).end();
      },
    });
    const input = { botId: bot.id, url: receiver.url, kinds: ['message.created' as const] };
    const { webhook, secret } = await alice.trpc.webhook.create.mutate(input);
    const first = await startWorker();
    worker.kill = () => first.kill('SIGKILL');
    const [consumer] = await until(async () => {
      const rows = await app.database.query(`select 1 from consumers where name = 'webhooks'`);
      return rows.length > 0 && rows;
    }, 'the worker follows the log');
    expect(consumer).toBeDefined();
    const message = await alice.trpc.message.send.mutate({ chatId: chat.id, content: 'never lost' });
    await once(first, 'exit');
    const of = { webhookId: webhook.id };
    const waiting = await alice.trpc.webhook.deliveries.query(of);
    expect(waiting.deliveries).toMatchObject([{ state: 'Waiting', attempts: 0 }]);
    // The lease of the worker that was killed ends.
    await app.database.query(`update webhook_lanes set due_at = now() - interval '1 hour' where lease is not null`);
    const next = await startWorker();
    const isDone = async () => (await alice.trpc.webhook.deliveries.query(of)).deliveries[0]?.state === 'Delivered';
    await until(isDone, 'the next one has sent it', 60_000);
    next.kill('SIGTERM');
    await once(next, 'exit');
    expect(receiver.hooks).toHaveLength(moment === 'before it has sent' ? 1 : 2);
    expect(new Set(receiver.hooks.map(({ id }) => id))).toEqual(new Set([waiting.deliveries[0]?.messageId]));
    for (const hook of receiver.hooks)
      expect(verified(secret, hook)).toMatchObject({ data: { message: { id: message.id, content: 'never lost' } } });
  },
);
