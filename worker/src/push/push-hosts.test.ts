import { randomUUID } from 'node:crypto';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { pushedServer } from '../testing/pushed-server.ts';
import { claimPushes } from './claim-pushes.ts';
import { PushHosts } from './push-hosts.ts';

const stage = await pushedServer();
const { db, query, pending } = stage;
afterAll(() => stage[Symbol.asyncDispose]());
beforeEach(() => query('delete from push_pending'));

const enqueue = (host: string, count: number, due: string) =>
  query(
    `insert into push_pending (subscription_id, chat_id, host, due_at)
     select gen_random_uuid(), $1, $2, $3::timestamptz from generate_series(1, $4)`,
    [randomUUID(), host, due, count],
  );
/** Claims what it may, and begins the requests. Returns their hosts. */
async function begin(hosts: PushHosts): Promise<readonly string[]> {
  const { lease, ids } = await claimPushes(db, hosts.limits);
  const rows = (await pending()).filter((row) => row.lease === lease);
  expect(rows).toHaveLength(ids.length);
  const begun = rows.map(({ host }) => host);
  for (const host of begun) hosts.begin(host);
  return begun;
}

test('slow hosts have a third of all requests together, and quick ones the rest', async () => {
  const hosts = new PushHosts(['WebPush'], () => 0);
  hosts.begin('quick');
  hosts.end('quick', { isReachable: true, tookMs: 100 });
  for (let n = 0; n < 100; n++) await enqueue(`slow ${n}`, 4, '2000-01-01');
  await enqueue('quick', 10, '2001-01-01');
  const begun = await begin(hosts);
  expect(begun.filter((host) => host !== 'quick')).toHaveLength(64);
  expect(begun.filter((host) => host === 'quick')).toHaveLength(5);
  // However late they answer, what they held is free for others, and the quick host earns more.
  for (const host of begun) hosts.end(host, { isReachable: true, tookMs: host === 'quick' ? 100 : 14_000 });
  const next = await begin(hosts);
  expect(next.filter((host) => host === 'quick')).toHaveLength(5);
  expect(next.filter((host) => host !== 'quick')).toHaveLength(64);
  expect(await begin(hosts)).toEqual([]);
});

test('a host that answers late has one request, until it answers quickly', () => {
  const hosts = new PushHosts(['WebPush'], () => 0);
  const answerIn = (tookMs: number) => {
    hosts.begin('a');
    hosts.end('a', { isReachable: true, tookMs });
    return hosts.limits.hosts.get('a');
  };
  for (let n = 0; n < 100; n++) answerIn(100);
  expect(answerIn(100)).toEqual({ free: 48, isProven: true });
  for (let n = 0; n < 100; n++) expect(answerIn(14_000)).toEqual({ free: 1, isProven: false });
  expect(answerIn(100)).toEqual({ free: 2, isProven: true });
});
