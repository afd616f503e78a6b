import { testServer } from '@fechatter/server/testing';
import { createGuardedRequest } from '@fechatter/service-kit';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { hookReceiver } from '../testing/hook-receiver.ts';
import { workerDeps } from '../testing/worker-deps.ts';
import { claimLanes, type Lane, markSlow, releaseLane } from './lanes.ts';
import { nextDelivery } from './next-delivery.ts';
import { runWebhooks } from './run-webhooks.ts';

const app = await testServer({ FECHATTER_LIMITS_HEAVY_PER_MINUTE: '0' });
const deps = {
  ...workerDeps(app),
  request: createGuardedRequest({ outbound: { allow: ['127.0.0.0/8'] } }),
  onUnreadable: (error: unknown) => expect.fail(String(error)),
};
const query = app.database.query.bind(app.database);
afterAll(async () => {
  await deps.db.close();
  await app[Symbol.asyncDispose]();
});
beforeEach(() => query('delete from webhooks'));

/** Webhooks of a new workspace; each has a delivery that has been due for some minutes. */
async function workspaceOf(name: string, url: string, count: number, minutes: number): Promise<void> {
  const owner = await app.signUp(name);
  const workspace = await owner.trpc.workspace.create.mutate({ name });
  for (let left = count; left > 0; left -= 10) {
    const input = { workspaceId: workspace.id, name: 'hook', scopes: ['read' as const] };
    const { bot } = await owner.trpc.bot.create.mutate(input);
    for (let n = 0; n < Math.min(left, 10); n++)
      await owner.trpc.webhook.create.mutate({ botId: bot.id, url, kinds: ['message.created'] });
  }
  const own = `select id from webhooks where workspace_id = '${workspace.id}'`;
  await query(`insert into webhook_deliveries (webhook_id) ${own}`);
  await query(`update webhook_lanes set due_at = now() - interval '${minutes} minutes'
    where not is_retry and webhook_id in (${own})`);
}
const claim = (lanesMax: number, isSlow = false) =>
  claimLanes(deps.db, { isRetry: false, isSlow }, randomUUID(), { lanesMax, ofWorkspaceMax: 4 });
const only = ([lane, ...others]: readonly Lane[]): Lane => {
  if (lane === undefined || others.length > 0) throw new Error('not one lane');
  return lane;
};

test('however many hang, a quick receiver of another workspace does not wait until they time out', async () => {
  await using hanging = await hookReceiver({ respond: () => {} });
  await using quick = await hookReceiver();
  await workspaceOf('ann', hanging.url, 40, 9);
  await workspaceOf('ben', hanging.url, 40, 9);
  await workspaceOf('cid', quick.url, 1, 1);
  const stopped = new AbortController();
  const sending = runWebhooks({ deps, signal: stopped.signal });
  await quick.has(1);
  expect(await query(`select 1 from webhook_deliveries where failure = 'timeout'`)).toEqual([]);
  await hanging.has(64);
  stopped.abort();
  await sending.ended;
});

test('a workspace has a share of the lanes; those whose receivers are slow do not count', async () => {
  await workspaceOf('dan', 'http://127.0.0.1:1/', 6, 9);
  await workspaceOf('eve', 'http://127.0.0.1:1/', 2, 1);
  const lanes = await claim(10);
  expect(lanes).toHaveLength(6);
  expect(await claim(10)).toEqual([]);
  const rows = await query<{ lanes: number }>(`select count(*)::int as lanes from webhook_lanes l
    join webhooks w on w.id = l.webhook_id where l.lease is not null group by w.workspace_id order by 1`);
  expect(rows.map((row) => row.lanes)).toEqual([2, 4]);
  for (const lane of lanes) await markSlow(deps.db, lane);
  expect(await claim(1)).toHaveLength(1);
  expect(await claim(10)).toHaveLength(1);
});

test('a slow receiver is quick again after five quick deliveries', async () => {
  await workspaceOf('fay', 'http://127.0.0.1:1/', 1, 1);
  const release = (lane: Lane, isSlow: boolean, quick: number) => releaseLane(deps.db, lane, { isSlow, quick });
  const anew = () => query(`update webhook_lanes set due_at = now() - interval '1 minute' where not is_retry`);
  await release(only(await claim(1)), true, 3);
  for (const [isSlow, quick] of [
    [false, 4],
    [true, 0],
    [false, 0],
    [false, 2],
    [false, 3],
  ] as const) {
    await anew();
    expect(await claim(1)).toEqual([]);
    await release(only(await claim(1, true)), isSlow, quick);
  }
  await anew();
  expect(await claim(1)).toHaveLength(1);
});

test('a worker whose lease has ended sends nothing more', async () => {
  await workspaceOf('gus', 'http://127.0.0.1:1/', 1, 1);
  const lane = only(await claim(1));
  expect(await nextDelivery(deps.db, lane)).toBeDefined();
  await query(`update webhook_lanes set due_at = now() - interval '1 minute' where lease is not null`);
  expect(await nextDelivery(deps.db, lane)).toBeUndefined();
  const next = only(await claim(1));
  expect(await nextDelivery(deps.db, lane)).toBeUndefined();
  expect(await nextDelivery(deps.db, next)).toBeDefined();
});
