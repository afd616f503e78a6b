import { connectClient, currentCursor } from '@fechatter/drizzle';
import { afterAll, expect, test } from 'vitest';
import { eventually } from '../testing/awaited-facts.ts';
import { rawStream } from '../testing/raw-stream.ts';
import { stockStream } from '../testing/stock-client.ts';
import { testWorld } from '../testing/world.ts';

const world = await testWorld();
const token = 'a-token-for-scrapers';
const env = { FECHATTER_METRICS_TOKEN: token, FECHATTER_NOTIFY_BUFFER_MAX_BYTES: '65536' };
const notify = await world.notify({}, env);
afterAll(async () => {
  await notify.close();
  await world[Symbol.asyncDispose]();
});

const scrape = async () => {
  const response = await fetch(`${notify.url}/metrics`, { headers: { authorization: `Bearer ${token}` } });
  return response.text();
};
const valueOf = async (line: string) => {
  const found = (await scrape()).split('\n').find((candidate) => candidate.startsWith(`${line} `));
  return found === undefined ? undefined : Number(found.slice(line.length + 1));
};

/** Waits until every row has its position. */
const numbered = () =>
  eventually(async () => {
    const [logged] = await world.database.query<{ n: number }>('select count(*)::int as n from event_log');
    return (await currentCursor(world.db.pool)).pos >= (logged?.n ?? 0);
  });

test('metrics have streams, events, their lag and the distance to the end of the log', async () => {
  const alice = await world.person('alice');
  const place = await world.workspace(alice);
  const chat = await world.chat(place, [alice]);
  // A stream that is opened before notify has read these memberships is cut, and reconnects.
  await numbered();
  await eventually(async () => (await valueOf('fechatter_log_positions_behind')) === 0);
  using stream = stockStream({ url: () => notify.url, token: alice.token });
  await stream.until((events) => events.some(({ kind }) => kind === 'ready'));
  // The first scrape measures the difference of the clocks.
  expect(await valueOf('fechatter_streams')).toBe(1);
  await world.send(chat, alice, 'hello');
  await stream.until((events) => events.some(({ kind }) => kind === 'message.created'));
  // Rows from before the stream was opened may be numbered after it; then they are delivered too.
  const delivered = () => stream.events.filter(({ kind }) => kind !== 'ready').length;
  await eventually(async () => ((await valueOf('fechatter_event_lag_seconds_count')) ?? 0) >= 1);
  await eventually(async () => (await valueOf('fechatter_deliveries_total')) === delivered());
  await eventually(async () => (await valueOf('fechatter_log_positions_behind')) === 0);
  expect(await valueOf('fechatter_stream_attaches_total{how="started"}')).toBe(1);
  expect(await valueOf('fechatter_procedure_calls_total{procedure="notification.events",code="OK"}')).toBe(1);
  expect(await valueOf('fechatter_sequencer_steps_total{outcome="numbered"}')).toBeGreaterThan(0);
  expect(await valueOf('fechatter_unreadable_events_total')).toBe(0);
  expect(await valueOf('fechatter_clock_offset_seconds')).toBeDefined();
});

test('metrics have presence: people, watches and writes', async () => {
  const [erin, frank] = [await world.person('erin'), await world.person('frank')];
  await world.workspace(erin, frank);
  const leases = async () => (await valueOf('fechatter_presence_leases')) ?? 0;
  const before = await leases();
  using stream = stockStream({ url: () => notify.url, token: erin.token });
  const [ready] = await stream.until((events) => events.some(({ kind }) => kind === 'ready')).then(() => stream.events);
  await eventually(async () => (await leases()) === before + 1);
  expect(await valueOf('fechatter_presence_writes_total{how="changes"}')).toBeGreaterThan(0);
  expect(await valueOf('fechatter_presence_writes_total{how="failed"}')).toBe(0);
  const streamId = ready?.kind === 'ready' ? ready.streamId : '';
  const watched = await fetch(`${notify.url}/api/presence/watch`, {
    method: 'POST',
    headers: { authorization: `Bearer ${erin.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ stream_id: streamId, user_ids: [frank.id] }),
  });
  expect(watched.status).toBe(204);
  await eventually(async () => (await valueOf('fechatter_presence_watched')) === 1);
  await eventually(async () => ((await valueOf('fechatter_presence_writes_total{how="renewals"}')) ?? 0) > 0);
});

test('an unusable token is counted as a reset, with its reason', async () => {
  const bob = await world.person('bob');
  using stream = rawStream(notify.url, '/api/notifications/events?last_event_id=nonsense', {
    authorization: `Bearer ${bob.token}`,
  });
  await eventually(() => stream.body().includes('event: reset'));
  expect(await valueOf('fechatter_stream_resets_total{reason="cursor_unknown"}')).toBe(1);
  expect(await valueOf('fechatter_stream_resets_total{reason="too_far_behind"}')).toBe(0);
});

test('a stream whose reader takes nothing is cut, and counted', async () => {
  const carol = await world.person('carol');
  const chat = await world.chat(await world.workspace(carol), [carol]);
  using slow = rawStream(notify.url, '/trpc/notification.events', { authorization: `Bearer ${carol.token}` });
  await slow.until((frames) => frames.find(({ data }) => data.includes('"ready"')));
  slow.socket.pause();
  await eventually(async () => {
    await world.sendMany(chat, carol, 100, 'x'.repeat(8_000));
    return (await valueOf('fechatter_stream_buffer_cuts_total{phase="live"}')) === 1;
  }, 25_000);
  expect(await valueOf('fechatter_deliveries_total')).toBeGreaterThan(0);
});

test('missing partitions of the log are a warning of a ready notify', async () => {
  const checks = async () => {
    const response = await fetch(`${notify.url}/readyz`);
    expect(response.status).toBe(200);
    return ((await response.json()) as { checks: { name: string; warning?: string }[] }).checks;
  };
  expect((await checks()).some(({ warning }) => warning !== undefined)).toBe(false);
  await world.database.query('drop table log_order_p2, log_order_p3');
  expect((await checks()).find(({ name }) => name === 'database')?.warning).toMatch(/^1 partitions ahead/);
});

test('a notify without a sequencer is not ready, and reports why', async () => {
  const dora = await world.person('dora');
  const chat = await world.chat(await world.workspace(dora), [dora]);
  const holder = await connectClient({ url: world.database.url, applicationName: 'holder' });
  try {
    await holder.query("select pg_advisory_lock(hashtext('fechatter.log_step'))");
    await world.send(chat, dora, 'unnumbered');
    await world.database.query("update event_log set created_at = now() - interval '1 minute'");
    const response = await fetch(`${notify.url}/readyz`);
    expect(response.status).toBe(503);
    const { checks } = (await response.json()) as { checks: { name: string; detail?: string }[] };
    expect(checks.find(({ name }) => name === 'database')?.detail).toMatch(/no process numbers events$/);
  } finally {
    await holder.end();
  }
  await eventually(async () => (await fetch(`${notify.url}/readyz`)).status === 200);
});
