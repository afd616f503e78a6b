import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase } from './database.ts';
import { testDatabase } from './testing/index.ts';
import { moves } from './testing/moves.ts';
import { callSend, draft } from './testing/sends.ts';

const database = await testDatabase();
const db = openDatabase({ ...database });
const workspace = randomUUID();
const chats = [randomUUID(), randomUUID(), randomUUID()].sort();
const [chat = '', other = ''] = chats;
const people = Array.from({ length: 12 }, () => randomUUID());
beforeAll(async () => {
  await database.query(moves);
  await database.query('select stage.workspace($1)', [workspace]);
  for (const user of people) {
    await database.query('select stage.person($1)', [user]);
    await database.query('select stage.enter_workspace($1, $2)', [workspace, user]);
  }
  for (const id of chats) await database.query(`select stage.chat($1, $2, 'Group', $3)`, [id, workspace, people]);
});
afterAll(async () => {
  await db.close();
  await database[Symbol.asyncDispose]();
});

/** A person who has sent nothing; waits for the next minute if this one ends within seconds. */
async function fresh(): Promise<string> {
  const user = people.pop();
  if (user === undefined) throw new Error('too few people');
  await database.query(
    'select pg_sleep(60 - s) from (select extract(second from clock_timestamp()) as s) t where s > 57',
  );
  return user;
}
const drafts = (user: string, count: number, to = chat) =>
  Array.from({ length: count }, (_, n) => draft(to, user, `m${n}`));
const outcomesOf = (rows: readonly { outcome: number }[]) => rows.map(({ outcome }) => outcome);
const stored = async (user: string) => {
  const [row] = await database.query<{ messages: number; events: number }>(
    `select count(*)::int as messages, count(e.id)::int as events from messages m left join event_log e on e.subject_id = m.id
     where m.sender_id = $1`,
    [user],
  );
  return row;
};

test('the last message within the limit is sent, the next is refused and written nowhere', async () => {
  const user = await fresh();
  const rows = await callSend(db.pool, drafts(user, 5), 'brief', 3);
  expect(outcomesOf(rows)).toEqual([0, 0, 0, 7, 7]);
  expect(rows.map(({ used }) => used)).toEqual([1, 2, 3, 4, 5]);
  expect(outcomesOf(await callSend(db.pool, drafts(user, 1), 'brief', 3))).toEqual([7]);
  expect(await stored(user)).toEqual({ messages: 3, events: 3 });
});

test('repeats, refusals and the messages of others do not count', async () => {
  const [user, another] = [await fresh(), await fresh()];
  const first = drafts(user, 1);
  await callSend(db.pool, first, 'brief', 2);
  expect(outcomesOf(await callSend(db.pool, [...first, ...first], 'brief', 2))).toEqual([1, 1]);
  expect(outcomesOf(await callSend(db.pool, [draft(randomUUID(), user)], 'brief', 2))).toEqual([2]);
  expect(outcomesOf(await callSend(db.pool, drafts(another, 2), 'brief', 2))).toEqual([0, 0]);
  expect(outcomesOf(await callSend(db.pool, drafts(user, 2), 'brief', 2))).toEqual([0, 7]);
});

test('a person over the limit delays no other person in the same batch', async () => {
  const [user, another] = [await fresh(), await fresh()];
  const batch = [...drafts(user, 2), ...drafts(another, 1), ...drafts(user, 1, other)];
  const rows = await callSend(db.pool, batch, 'brief', 1);
  expect(outcomesOf(rows)).toEqual([0, 7, 0, 7]);
  expect(rows[2]?.number).toBe((rows[0]?.number ?? 0) + 1);
});

test('batches at the same time, of many chats and people, share one count for each', async () => {
  const users = [await fresh(), await fresh(), await fresh()];
  const batches = chats.flatMap((to) => [1, 2].map(() => users.flatMap((user) => drafts(user, 7, to))));
  const rows = await Promise.all(
    batches.map((batch) => callSend(db.pool, batch, 'skip', 20).then((r) => [batch, r] as const)),
  );
  const held = rows.flatMap(([batch, results]) => batch.filter((_, n) => results[n]?.outcome === 4));
  for (const one of held) await callSend(db.pool, [one], 'wait', 20);
  for (const user of users) expect(await stored(user)).toEqual({ messages: 20, events: 20 });
});

test('a new minute starts a new count, and no limit means unlimited', async () => {
  const user = await fresh();
  await callSend(db.pool, drafts(user, 3), 'brief', 2);
  await database.query('update send_counters set minute = minute - 1 where user_id = $1', [user]);
  expect(outcomesOf(await callSend(db.pool, drafts(user, 3), 'brief', 2))).toEqual([0, 0, 7]);
  expect(outcomesOf(await callSend(db.pool, drafts(user, 3), 'brief', 0))).toEqual([0, 0, 0]);
});

test('a batch that began in the minute before does not set the new minute’s count back', async () => {
  const user = await fresh();
  await callSend(db.pool, drafts(user, 3), 'brief', 3);
  await database.query('update send_counters set minute = minute + 1 where user_id = $1', [user]);
  expect(outcomesOf(await callSend(db.pool, drafts(user, 1), 'brief', 3))).toEqual([7]);
  // A clock that was set back by hours must not lock anyone out.
  await database.query('update send_counters set minute = minute + 100 where user_id = $1', [user]);
  expect(outcomesOf(await callSend(db.pool, drafts(user, 1), 'brief', 3))).toEqual([0]);
});
