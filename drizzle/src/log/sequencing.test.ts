import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { chanceOf } from '@fechatter/testing/chance';
import { until } from '@fechatter/testing/until';
import { openDatabase } from '../database.ts';
import { testDatabase } from '../testing/index.ts';
import { moves } from '../testing/moves.ts';
import { readTail, tailStart } from './read.ts';

const WRITERS = 10;
const TRANSACTIONS = 70;
const LONG_WRITERS = 3;
const SEQUENCERS = 3;
const READERS = 2;

const database = await testDatabase();
const db = openDatabase({ ...database, statementTimeoutMs: 0, poolSize: 24 });
const workspace = randomUUID();
const chats = Array.from({ length: 12 }, () => randomUUID()).sort();
const [quietChats, busyChats] = [chats.slice(0, LONG_WRITERS), chats.slice(LONG_WRITERS)];

beforeAll(async () => {
  await database.query(moves);
  const founder = randomUUID();
  await database.query('select stage.person($1)', [founder]);
  await database.query('select stage.workspace($1)', [workspace]);
  await database.query('select stage.enter_workspace($1, $2)', [workspace, founder]);
  for (const chat of chats)
    await database.query(`select stage.chat($1, $2, 'Group', $3)`, [chat, workspace, [founder]]);
  await database.query('select log_step()');
});
afterAll(async () => {
  await db.close();
  await database[Symbol.asyncDispose]();
});

const committed = new Set<string>();
let rolledBack = 0;
let writersLeft = WRITERS + LONG_WRITERS;

async function rename(client: pg.ClientBase, chat: string): Promise<string> {
  const { rows } = await client.query<{ seq: number }>('select stage.rename_chat($1) as seq', [chat]);
  return `${chat} ${rows[0]?.seq}`;
}

async function write(seed: number): Promise<void> {
  const chance = chanceOf(seed);
  const client = await db.pool.connect();
  for (let n = 0; n < TRANSACTIONS; n++) {
    const written: string[] = [];
    await client.query('begin');
    for (const chat of busyChats.filter(() => chance.hits(0.15))) {
      const isNested = chance.hits(0.3);
      if (isNested) await client.query('savepoint here');
      const event = await rename(client, chat);
      if (isNested && chance.hits(0.4)) await client.query('rollback to here');
      else written.push(event);
    }
    const isKept = chance.hits(0.9);
    await client.query(isKept ? 'commit' : 'rollback');
    if (isKept) for (const event of written) committed.add(event);
    else rolledBack++;
  }
  client.release();
  writersLeft--;
}

/** Gets its transaction id, and in half of the rounds its event's id too, long before it commits. */
async function writeSlowly(own: string): Promise<void> {
  const client = await db.pool.connect();
  for (let n = 0; n < 4; n++) {
    await client.query('begin');
    await client.query('select pg_current_xact_id()');
    const early = n % 2 === 0 ? await rename(client, own) : undefined;
    const after = committed.size + 100;
    await until(() => committed.size > after || writersLeft <= LONG_WRITERS, 'others have committed');
    const event = early ?? (await rename(client, own));
    await client.query('commit');
    committed.add(event);
  }
  client.release();
  writersLeft--;
}

async function sequence(): Promise<void> {
  const client = await db.pool.connect();
  for (let last: number | null = 0, isOver = false; !isOver || last !== null; ) {
    isOver = writersLeft === 0;
    last = (await client.query<{ pos: number }>('select log_step() as pos')).rows[0]?.pos ?? null;
  }
  client.release();
}

async function follow(start: Awaited<ReturnType<typeof tailStart>>): Promise<string[]> {
  let { cursor, since } = start;
  const seen: string[] = [];
  const isOver = async () => {
    const [row] = await database.query<{ pos: string }>('select max(pos) as pos from log_order');
    return writersLeft === 0 && seen.length >= committed.size && cursor.pos === Number(row?.pos);
  };
  await until(async () => {
    const read = await readTail(db.pool, cursor, since);
    expect(read.isAnchored).toBe(true);
    seen.push(...read.entries.map(({ chatId, chatSeq }) => `${chatId} ${chatSeq}`));
    since = read.snapshot;
    cursor = read.entries.at(-1) ?? cursor;
    return read.entries.length === 0 && (await isOver());
  }, 'the reader has come to the end');
  return seen;
}

test('every committed event gets one position, densely and in the order of its chat, with concurrent sequencers and readers', async () => {
  const start = await tailStart(db.pool);
  const [readers] = await Promise.all([
    Promise.all(Array.from({ length: READERS }, () => follow(start))),
    ...Array.from({ length: WRITERS }, (_, n) => write(n + 1)),
    ...quietChats.map(writeSlowly),
    ...Array.from({ length: SEQUENCERS }, sequence),
  ]);

  const [first, ...others] = readers;
  expect(new Set(first)).toEqual(committed);
  expect(first).toHaveLength(committed.size);
  for (const other of others) expect(other).toEqual(first);
  expect(rolledBack).toBeGreaterThan(0);
  expect(
    await database.query(`
    select (select count(*) from event_log)::int - (select count(*) from log_order where pos > 0)::int as unnumbered,
      (select count(*) from (select event_id from log_order group by 1 having count(*) > 1) d)::int as doubled,
      (select count(*) from log_order o where pos > 0 and not exists (select 1 from event_log e where e.id = o.event_id))::int as invented,
      (select max(pos) - count(*) + 1 from log_order)::int as holes,
      (select count(*) from (select chat_seq - lag(chat_seq) over (partition by chat_id order by pos) as step
        from log_order where chat_id is not null) s where step <> 1)::int as misplaced,
      (select count(*) from chat_heads h where last_seq <> (select count(*) from event_log e where e.chat_id = h.chat_id))::int as uncounted`),
  ).toEqual([{ unnumbered: 0, doubled: 0, invented: 0, holes: 0, misplaced: 0, uncounted: 0 }]);
});
