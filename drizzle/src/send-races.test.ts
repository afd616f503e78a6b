import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Chance, chanceOf } from '@fechatter/testing/chance';
import { until } from '@fechatter/testing/until';
import { type Database, openDatabase } from './database.ts';
import { testDatabase } from './testing/index.ts';
import { moves } from './testing/moves.ts';
import { callSend, type Draft, type SendRow } from './testing/sends.ts';
import { errorCode, isUnavailable } from './unavailable.ts';

const PROCESSES = 2;
const LANES = 4;
const BATCHES = 30;
const BATCH_SIZE = 10;
const KEYS = 1_200;
const KILLS_EVERY = 15;
const LIMIT = 100_000;

const database = await testDatabase();
const senders = Array.from({ length: PROCESSES }, () => openDatabase({ ...database, applicationName: 'sender' }));
const others = openDatabase({ ...database, applicationName: 'other', statementTimeoutMs: 0 });
const workspace = randomUUID();
const users = Array.from({ length: 10 }, () => randomUUID());
const chats = Array.from({ length: 9 }, () => randomUUID()).sort();
const doomed = chats.filter((_, n) => n % 4 === 3);
const contents = chanceOf(7);
const drafts: Draft[] = Array.from({ length: KEYS }, (_, n) => ({
  chat: contents.hits(0.3) ? (chats[0] ?? '') : contents.pick(chats),
  user: contents.pick(users),
  client: randomUUID(),
  text: `message ${n}`,
}));

beforeAll(async () => {
  await database.query(moves);
  await database.query('select stage.workspace($1)', [workspace]);
  for (const user of users) {
    await database.query('select stage.person($1)', [user]);
    await database.query('select stage.enter_workspace($1, $2)', [workspace, user]);
  }
  for (const chat of chats) await database.query(`select stage.chat($1, $2, 'Group', $3)`, [chat, workspace, users]);
});
afterAll(() => database[Symbol.asyncDispose]());

const results: { draft: Draft; row: SendRow }[] = [];
const failures = new Map<string, number>();
let batchesDone = 0;
let kills = 0;
const isOver = () => batchesDone === PROCESSES * LANES * BATCHES;

/** Sends like a process: fast, then skipping locked heads, then those alone; after any failure one by one. */
async function deliver({ pool }: Database, batch: readonly Draft[]): Promise<void> {
  const rows = await callSend(pool, batch, 'brief', LIMIT)
    .catch((error: unknown) => {
      if (errorCode(error) !== '55P03') throw error;
      return callSend(pool, batch, 'skip', LIMIT);
    })
    .catch((error: unknown) => {
      count(error);
      return [];
    });
  for (const [n, draft] of batch.entries()) {
    let row = rows[n];
    while (row === undefined || row.outcome === 4) {
      [row] = await callSend(pool, [draft], 'wait', LIMIT).catch((error: unknown) => {
        count(error);
        return [];
      });
    }
    results.push({ draft, row });
  }
  batchesDone++;
}

function count(error: unknown): void {
  const code = errorCode(error) ?? (isUnavailable(error) ? 'unavailable' : String(error));
  failures.set(code, (failures.get(code) ?? 0) + 1);
}

async function lane(db: Database, seed: number): Promise<void> {
  const chance = chanceOf(seed);
  for (let n = 0; n < BATCHES; n++)
    await deliver(
      db,
      Array.from({ length: BATCH_SIZE }, () => chance.pick(drafts)),
    );
}

async function meanwhile(seed: number, act: (chance: Chance) => Promise<unknown>): Promise<void> {
  const chance = chanceOf(seed);
  while (!isOver()) await act(chance).catch(count);
}

const ask = (text: string, ...values: unknown[]) => others.pool.query(text, values);
const passes = (batches: number) => {
  const after = batchesDone + batches;
  return until(() => batchesDone >= after || isOver(), 'batches have passed');
};

const moving = async (chance: Chance) => {
  const [chat, user] = [chance.pick(chats), chance.pick(users)];
  if (chance.hits(0.85)) await ask('select stage.join_chat($1, $2)', chat, user);
  else if (chance.hits(0.9)) await ask('select stage.leave_chat($1, $2)', chat, user);
  else {
    await ask('select stage.leave_workspace($1, $2)', workspace, user);
    await ask('select stage.enter_workspace($1, $2)', workspace, user);
  }
};
const holding = async (chance: Chance) => {
  const client = await others.pool.connect();
  await client.query('begin');
  await client.query('select from chat_heads where chat_id = $1 for no key update', [chance.pick(chats)]);
  await until(async () => {
    const { rowCount } = await ask(
      `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    return (rowCount ?? 0) >= 2 || isOver();
  }, 'several wait for the head');
  await client.query('commit');
  client.release();
  await passes(3);
};
const killing = async () => {
  await passes(KILLS_EVERY);
  const { rowCount } = await ask(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where application_name = 'sender' and datname = current_database() order by random() limit 2`,
  );
  kills += rowCount ?? 0;
};
const stepping = async () => {
  await passes(1);
  await ask('select log_step()');
};
const deleting = async () => {
  await passes(60);
  await ask('select stage.delete_chat($1)', doomed.pop() ?? randomUUID());
};

test('with concurrent changes each message is sent once, in order, and as its response says', async () => {
  await Promise.all([
    ...senders.flatMap((db, process) => Array.from({ length: LANES }, (_, n) => lane(db, 10 * process + n))),
    ...[1, 2].map((seed) => meanwhile(seed, moving)),
    meanwhile(3, holding),
    meanwhile(4, killing),
    meanwhile(5, deleting),
    meanwhile(6, stepping),
  ]);
  await ask('select log_step()');
  await Promise.all([...senders, others].map((db) => db.close()));

  const stored = await database.query<{ id: string; chat_id: string; client_id: string; seq: string; text: string }>(
    `select id, chat_id, client_id, seq, convert_from(body, 'UTF8') as text from messages`,
  );
  const byId = new Map(stored.map((row) => [row.id, row]));
  const sent = results.filter(({ row }) => row.outcome === 0).map(({ row }) => row.id);
  expect(new Set(sent).size).toBe(sent.length);
  for (const { draft, row } of results) {
    expect([0, 1, 2]).toContain(row.outcome);
    if (row.outcome === 2) continue;
    const stored = byId.get(row.id ?? '');
    expect(stored).toMatchObject({ client_id: draft.client, text: draft.text });
    if (row.outcome === 0 && row.seq !== null) expect(stored?.seq).toBe(String(row.seq));
  }
  expect(new Set(stored.map(({ client_id }) => client_id)).size).toBe(stored.length);
  expect(Math.min(kills, sent.length)).toBeGreaterThan(5);
  expect([...failures.keys()].filter((code) => !['57P01', 'unavailable', '55P03'].includes(code))).toEqual([]);

  expect(
    await database.query(`select
    (select count(*) from chat_heads h where last_number <> (select count(*) from messages m where m.chat_id = h.chat_id))::int as miscounted,
    (select count(*) from (select number - row_number() over (partition by chat_id order by seq) as gap from messages) n where gap <> 0)::int as number_gaps,
    (select count(*) from chat_heads h where last_seq <> (select count(*) from event_log e where e.chat_id = h.chat_id))::int as unlogged,
    (select count(*) from messages m where not exists (select 1 from chat_members p where p.user_id = m.sender_id and p.chat_id = m.chat_id
      and m.seq > p.joined_seq and (p.left_seq is null or m.seq < p.left_seq)))::int as outside,
    (select count(*) from event_log e left join log_order o on o.event_id = e.id where o.pos is null)::int as unnumbered,
    (select count(*) from (select chat_seq - lag(chat_seq) over (partition by chat_id order by pos) as step
      from log_order where chat_id is not null) s where step <> 1)::int as misplaced,
    (select count(*) from chat_members m where left_seq is null and last_read_number < (select coalesce(max(number), 0)
      from messages s where s.chat_id = m.chat_id and s.sender_id = m.user_id and s.seq > m.joined_seq))::int as unread_own,
    (select deadlocks from pg_stat_database where datname = current_database())::int as deadlocks`),
  ).toEqual([
    {
      miscounted: 0,
      number_gaps: 0,
      unlogged: 0,
      outside: 0,
      unnumbered: 0,
      misplaced: 0,
      unread_own: 0,
      deadlocks: 0,
    },
  ]);
});
