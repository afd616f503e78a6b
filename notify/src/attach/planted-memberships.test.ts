import { type Cursor, encodeCursor } from '@fechatter/contract';
import { countMissed, currentCursor, type Queryable, replayWindow } from '@fechatter/drizzle';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ENDED_MAX } from '../hub/ended-periods.ts';
import { eventually } from '../testing/awaited-facts.ts';
import { stockStream } from '../testing/stock-client.ts';
import { type Person, type Place, testWorld } from '../testing/world.ts';
import { loadMemberships } from './stored-access.ts';

const PLANTED = 100_000;
const RETENTION_HOURS = 72;

const world = await testWorld();
afterAll(() => world[Symbol.asyncDispose]());
const [alice, mallory] = [await world.person(), await world.person()];
const workspace = await world.workspace(alice, mallory);
const [chat, other] = [await world.chat(workspace, [alice, mallory]), await world.chat(workspace, [alice])];

/** A person joined and left a chat again and again, the last time long ago. */
const plant = (place: Place, person: Person, count: number, ago: string, eachMs = 10) =>
  world.database.query(
    `insert into chat_members (chat_id, user_id, role, joined_seq, left_seq, last_read_seq, last_read_number, left_at)
     select $1, $2, 'Member', 10 * n, 10 * n + 1, 0, 0, now() - $4::interval - ($3::int - n) * $5::int * interval '1 ms'
     from generate_series(1, $3::int) n`,
    [place.id, person.id, count, ago, eachMs],
  );
const membershipsOf = async (person: Person) => {
  const found = await loadMemberships(world.db.pool, [alice.id, person.id], RETENTION_HOURS);
  return found.get(person.id);
};
const token = async () => {
  await eventually(async () => {
    const [logged] = await world.database.query<{ n: number }>('select count(*)::int as n from event_log');
    return (await currentCursor(world.db.pool)).pos >= (logged?.n ?? 0);
  });
  return encodeCursor(await currentCursor(world.db.pool));
};

beforeAll(async () => {
  await plant(other, mallory, PLANTED, '2 minutes');
  // Other people have few ended memberships, and the query plan is made for those.
  await world.database.query(
    `with people as (
       insert into users (id, email, full_name, password_hash)
       select gen_random_uuid(), n || '@example.org', 'P', '' from generate_series(1, 3000) n returning id)
     insert into chat_members (chat_id, user_id, role, joined_seq, left_seq, last_read_seq, last_read_number, left_at)
     select $1, p.id, 'Member', n, n, 0, 0, now() - n * interval '1 hour' from people p, generate_series(1, 3) n`,
    [other.id],
  );
});

test('of many memberships of a person the open ones and the newest ended ones are read', async () => {
  const found = await membershipsOf(mallory);
  const open = found?.periods.filter(({ leftSeq }) => leftSeq === null) ?? [];
  expect(open.map(({ id }) => id)).toEqual([workspace, chat.id]);
  const ended = found?.periods.filter(({ leftSeq }) => leftSeq !== null) ?? [];
  expect(ended.map(({ joinedSeq }) => joinedSeq)).toEqual(
    Array.from({ length: ENDED_MAX }, (_, n) => 10 * (PLANTED - ENDED_MAX + 1 + n)),
  );
  expect(found).toMatchObject({ isCut: true });
  expect(found?.endedAfterMs).toBeLessThan(ended[0]?.leftAtMs ?? 0);
  expect(await membershipsOf(alice)).toMatchObject({ isCut: false });
});

/** How many rows of chat_members `work` reads by index or by a sequential scan. */
async function rowsTakenBy(mode: string, work: (client: Queryable) => Promise<unknown>): Promise<number> {
  const client = await world.db.pool.connect();
  try {
    await client.query(`begin; set local plan_cache_mode = force_${mode}_plan`);
    const taken = async () => {
      const { rows } = await client.query<{ taken: number }>(
        `select (seq_tup_read + idx_tup_fetch)::int as taken from pg_stat_xact_user_tables where relname = 'chat_members'`,
      );
      return rows[0]?.taken ?? 0;
    };
    const before = await taken();
    await work(client);
    return (await taken()) - before;
  } finally {
    await client.query('rollback').finally(() => client.release());
  }
}

test.each(['before', 'after'])('the query reads no more rows than that, %s analyze', async (when) => {
  if (when === 'after') await world.database.query('analyze');
  const found = await membershipsOf(mallory);
  const { pos, nonce } = await currentCursor(world.db.pool);
  const { rows } = await world.db.pool.query<Cursor>('select pos, nonce from log_order order by pos limit 1');
  const from = rows[0] ?? { pos, nonce };
  for (const mode of ['custom', 'generic']) {
    const load = (client: Queryable) => loadMemberships(client, [alice.id, mallory.id], RETENTION_HOURS);
    expect(await rowsTakenBy(mode, load)).toBeLessThan(ENDED_MAX + 20);
    const replay = (client: Queryable) => replayWindow(client, mallory.id, from, pos, found?.endedAfterMs);
    expect(await rowsTakenBy(mode, replay)).toBeLessThan(ENDED_MAX + 20);
    const count = (client: Queryable) => countMissed(client, mallory.id, from.pos, pos, 100, found?.endedAfterMs);
    expect(await rowsTakenBy(mode, count)).toBeLessThan(ENDED_MAX + 20);
  }
});

test('memberships that ended at one position are read together, and none older than the log', async () => {
  const [both, old] = [await world.person(), await world.person()];
  await plant(other, both, ENDED_MAX + 200, '2 minutes', 0);
  expect(await membershipsOf(both)).toMatchObject({ periods: [], isCut: true });
  await plant(other, old, 5, '74 hours');
  expect(await membershipsOf(old)).toMatchObject({ periods: [], isCut: false });
  expect(await loadMemberships(world.db.pool, [], RETENTION_HOURS)).toEqual(new Map());
});

describe.each([
  ['from memory', {}],
  ['from the log', { ringRows: 0 }],
])('a token of theirs, replayed %s', async (_, options) => {
  const notify = await world.notify(options);
  afterAll(() => notify.close());
  const resumed = async (person: Person, lastEventId: string) => {
    using stream = stockStream({ url: () => notify.url, token: person.token, lastEventId });
    await stream.until((events) => events.find(({ kind }) => kind === 'ready'));
    return stream.events.map((event) =>
      'reason' in event
        ? `${event.kind} ${event.reason}`
        : event.kind === 'ready'
          ? `ready ${event.resumed}`
          : event.kind,
    );
  };

  test('from after them is accepted, with the end of what ended since', async () => {
    const lastEventId = await token();
    const left = await world.chat(workspace, [alice, mallory]);
    await world.leave(left, mallory);
    await world.send(chat, alice, 'still for mallory');
    await token();
    expect(await resumed(mallory, lastEventId)).toEqual(['member.left', 'message.created', 'ready true']);
  });

  test('from before the known ones gets a reset; other people’s tokens are not', async () => {
    const [eve, place] = [await world.person(), await world.chat(workspace, [alice])];
    await world.joinWorkspace(workspace, eve);
    const lastEventId = await token();
    await world.send(place, alice, 'a message');
    await token();
    await plant(place, eve, ENDED_MAX + 1, '0');
    expect(await resumed(eve, lastEventId)).toEqual(['reset too_far_behind', 'ready false']);
    expect(await resumed(alice, lastEventId)).toEqual(['message.created', 'ready true']);
  });

  test('is expired when what follows it is older than the log is kept, though the log still has it', async () => {
    const person = await world.person();
    const lastEventId = await token();
    await world.send(chat, alice, 'long ago');
    const now = await token();
    await world.database.query(
      `update event_log set created_at = now() - interval '74 hours' where id = (select max(id) from event_log)`,
    );
    const restarted = await world.notify(options);
    using stream = stockStream({ url: () => restarted.url, token: person.token, lastEventId });
    await stream.until((events) => events.find(({ kind }) => kind === 'ready'));
    expect(stream.events[0]).toMatchObject({ kind: 'reset', reason: 'cursor_expired' });
    using latest = stockStream({ url: () => restarted.url, token: person.token, lastEventId: now });
    await latest.until((events) => events.find(({ kind }) => kind === 'ready'));
    expect(latest.events[0]).toMatchObject({ kind: 'ready', resumed: true });
    await restarted.close();
  });
});
