import type { TestDatabase } from '@fechatter/drizzle/testing';
import { v7 as uuidv7 } from 'uuid';
import { expect, test, vi } from 'vitest';
import { outgoing, stagedChats } from '../../testing/staged-chats.ts';
import type { SendResult } from './outgoing.ts';
import { openQueue, pick, reasonOf, stagedQueue, storedProblems, storedTexts } from '../../testing/staged-queue.ts';

test('messages of a chat keep the order in which they came, with dense seqs and numbers', async () => {
  await using stage = await stagedQueue({ chats: 5, users: 3 });
  const { queue, chats, users } = stage;
  const sent = Array.from({ length: 600 }, (_, n) => outgoing(pick(chats, n), pick(users, n), `message ${n}`));
  const results = await Promise.all(sent.map((message) => queue.send(message)));
  expect(new Set(results.map(({ outcome }) => outcome))).toEqual(new Set(['sent']));
  for (const chatId of chats) {
    const own = results.flatMap((result) => ('row' in result && result.row.chat_id === chatId ? [result.row] : []));
    expect(own.map(({ seq }) => seq)).toEqual(own.map((_, index) => index + 1));
    expect(own.map(({ number }) => number)).toEqual(own.map((_, index) => index + 1));
  }
  expect(queue.stats).toMatchObject({ messages: 600, waiting: 0, retries: 0 });
  expect(queue.stats.batches).toBeLessThan(60);
  expect(await storedProblems(stage.database)).toEqual([]);
});

test('the same clientIds from two processes at once are one message each', async () => {
  await using stage = await stagedQueue({ chats: 3, users: 2 });
  const { queue, chats, users, database } = stage;
  await using second = openQueue(database);
  const messages = Array.from({ length: 200 }, (_, n) => outgoing(pick(chats, n), pick(users, n), `message ${n}`));
  const both = await Promise.all(
    messages.map((message) =>
      Promise.all([
        queue.send(message),
        second.queue.send({ ...message, id: uuidv7() }),
        queue.send({ ...message, id: uuidv7() }),
      ]),
    ),
  );
  for (const results of both) {
    expect(results.map(({ outcome }) => outcome).sort()).toEqual(['repeat', 'repeat', 'sent']);
    expect(new Set(results.map(idOf)).size).toBe(1);
  }
  expect(await storedProblems(database)).toEqual([]);
});

test('a caller who disconnects before the batch is sent withdraws the message, one who does later does not', async () => {
  await using stage = await stagedQueue({ chats: 1, users: 1 });
  const {
    queue,
    chats: [chatId],
    users: [alice],
  } = stage;
  const early = new AbortController();
  const late = new AbortController();
  const dropped = reasonOf(queue.send(outgoing(chatId, alice, 'taken back'), early.signal));
  early.abort();
  expect(await dropped).toBe('busy');
  const sent = queue.send(outgoing(chatId, alice, 'sent'), late.signal);
  await vi.waitFor(() => expect(queue.stats.waiting).toBe(0), 60_000);
  late.abort();
  expect(await sent).toMatchObject({ outcome: 'sent' });
  expect(await storedTexts(stage.database, chatId)).toEqual(['sent']);
});

test('a message costs one look-up per table, even with plans made while tables were empty', async () => {
  await using stage = await stagedQueue({ chats: 1, users: 1 });
  const { queue, database } = stage;
  for (let n = 0; n < 30; n++) await queue.send(outgoing(stage.chats[0], stage.users[0]));
  const grown = await stagedChats((text, values) => database.query(text, values), { chats: 1, users: 300 });
  for (let n = 0; n < 30; n++)
    await Promise.all(grown.users.slice(0, 50).map((userId) => queue.send(outgoing(grown.chats[0], userId))));
  await queue.close();
  await vi.waitFor(async () => {
    const rows = await database.query<{ table: string; found: number }>(`
      select relname as table, idx_tup_fetch::int as found from pg_stat_user_tables
      where relname in ('messages', 'workspace_members') and n_tup_ins >= 301 order by relname`);
    expect(rows).toEqual([
      { table: 'messages', found: 0 },
      { table: 'workspace_members', found: 1_530 },
    ]);
  }, 60_000);
});

test('closing sends accepted messages, and accepts no more', async () => {
  await using stage = await stagedQueue({ chats: 4, users: 1 });
  const {
    queue,
    chats,
    users: [alice],
  } = stage;
  const accepted = Array.from({ length: 300 }, (_, n) => queue.send(outgoing(pick(chats, n), alice)));
  const closing = queue.close();
  expect(await reasonOf(queue.send(outgoing(chats[0], alice)))).toBe('busy');
  await closing;
  for (const result of await Promise.all(accepted)) expect(result.outcome).toBe('sent');
});

test('the limit counts a person in all chats, repeats do not count', async () => {
  await using stage = await stagedQueue({ chats: 3, users: 2, limitPerMinute: 10 });
  await earlyInTheMinute(stage.database);
  const {
    queue,
    chats,
    users: [alice, bob],
  } = stage;
  const messages = Array.from({ length: 15 }, (_, n) => outgoing(pick(chats, n), alice));
  const results = await Promise.all(messages.map((message) => queue.send(message)));
  expect(results.filter(({ outcome }) => outcome === 'sent')).toHaveLength(10);
  expect(results.filter(({ outcome }) => outcome === 'rate_limited')).toHaveLength(5);
  expect(await queue.send(outgoing(chats[0], bob))).toMatchObject({ outcome: 'sent', used: 1 });
  const [first] = messages;
  expect(first && (await queue.send({ ...first, id: uuidv7() }))).toMatchObject({ outcome: 'repeat', used: 15 });
});

/** Waits for a new minute if this one is nearly over: a test of the limit must not run across its end. */
async function earlyInTheMinute(database: TestDatabase): Promise<void> {
  const second = async () =>
    (await database.query<{ second: number }>('select extract(second from clock_timestamp())::float as second'))[0]
      ?.second;
  await expect.poll(second).toBeLessThan(50);
}

/** The id of the stored message. */
function idOf(result: SendResult): string {
  if ('row' in result) return result.row.id;
  if ('id' in result) return result.id;
  throw new Error(`refused: ${result.outcome}`);
}
