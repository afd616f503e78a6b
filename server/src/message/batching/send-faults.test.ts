import { tcpProxy } from '@fechatter/testing/tcp-proxy';
import type { Reason } from '@fechatter/contract';
import { openDatabase } from '@fechatter/drizzle';
import type { TestDatabase } from '@fechatter/drizzle/testing';
import { collectedLog } from '@fechatter/service-kit/testing';
import { v7 as uuidv7 } from 'uuid';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { SendResult } from './outgoing.ts';
import { outgoing } from '../../testing/staged-chats.ts';
import { openQueue, pick, reasonOf, stagedQueue, storedProblems, storedTexts } from '../../testing/staged-queue.ts';

test('a head held by another delays its own chat alone', async () => {
  await using stage = await stagedQueue({ chats: 2, users: 1 });
  const {
    queue,
    chats: [held, free],
    users: [alice],
  } = stage;
  const release = await holdHead(stage.database, held);
  let hasResult = false;
  const waiting = ['first', 'second', 'third'].map(async (text) => {
    const result = await queue.send(outgoing(held, alice, text));
    hasResult = true;
    return result;
  });
  await vi.waitFor(() => expect(queue.stats.held).toBe(1), 60_000);
  for (let n = 0; n < 20; n++) expect(await queue.send(outgoing(free, alice))).toMatchObject({ outcome: 'sent' });
  expect(hasResult).toBe(false);
  await release();
  expect((await Promise.all(waiting)).map(seqOf)).toEqual([1, 2, 3]);
  expect(await storedTexts(stage.database, held)).toEqual(['first', 'second', 'third']);
});

test('a head held for more than 2 s is busy to its own callers, and nothing was sent', async () => {
  await using stage = await stagedQueue({ chats: 2, users: 1 });
  const {
    queue,
    chats: [held, free],
    users: [alice],
  } = stage;
  const release = await holdHead(stage.database, held);
  const startedAt = performance.now();
  const refused = reasonOf(queue.send(outgoing(held, alice, 'too late')));
  expect(await queue.send(outgoing(free, alice))).toMatchObject({ outcome: 'sent' });
  expect(await refused).toBe('busy');
  expect(performance.now() - startedAt).toBeGreaterThan(1_900);
  await release();
  expect(await queue.send(outgoing(held, alice, 'in time'))).toMatchObject({ outcome: 'sent' });
  expect(await storedTexts(stage.database, held)).toEqual(['in time']);
});

test('each message is sent once while back ends are killed under load', async () => {
  await using stage = await stagedQueue({ chats: 8, users: 4 });
  const { queue, chats, users, database } = stage;
  const end = performance.now() + 2_000;
  let killed = 0;
  const killing = (async () => {
    while (performance.now() < end) {
      const [row] = await database.query<{ killed: number }>(
        `select count(pg_terminate_backend(pid))::int as killed from (
           select pid from pg_stat_activity where datname = current_database() and application_name = 'test-send' and state = 'active') a`,
      );
      killed += row?.killed ?? 0;
    }
  })();
  let count = 0;
  const senders = Array.from({ length: 32 }, async () => {
    while (performance.now() < end) {
      const n = count++;
      const message = outgoing(pick(chats, n), pick(users, n), `message ${n}`);
      let reason: Reason | undefined;
      do reason = await reasonOf(queue.send({ ...message, id: uuidv7() }));
      while (reason !== undefined);
    }
  });
  await Promise.all([...senders, killing]);
  expect(killed).toBeGreaterThan(5);
  expect(queue.stats.retries).toBeGreaterThan(0);
  const texts = (await Promise.all(chats.map((chatId) => storedTexts(database, chatId)))).flat();
  expect(texts.length).toBe(count);
  expect(new Set(texts)).toEqual(new Set(Array.from({ length: count }, (_, n) => `message ${n}`)));
  expect(await storedProblems(database)).toEqual([]);
});

test('a batch whose commit was not confirmed comes again, and its replies, mentions and files count once', async () => {
  await using stage = await stagedQueue({ chats: 2, users: 2 });
  const {
    queue,
    database,
    chats: [chatId],
    users: [alice, bob],
  } = stage;
  const root = outgoing(chatId, alice, 'root');
  await queue.send(root);
  const [chat] = await database.query<{ workspace_id: string }>('select * from chat_heads');
  const fileId = uuidv7();
  await database.query(
    `insert into files (id, workspace_id, chat_id, uploader_id, state, size_bytes, mime, expires_at)
     values ($1, $2, $3, $4, 'Ready', 1, 'text/plain', now() + interval '1 hour')`,
    [fileId, chat?.workspace_id, chatId, alice],
  );
  const extras = { thread_id: root.id, mentions: { userIds: [bob], everyone: false }, file_ids: [fileId] };
  const first = { ...outgoing(chatId, alice, 'first'), extras };
  const second = { ...outgoing(chatId, bob, 'second'), extras: { thread_id: root.id } };
  for (const reply of [first, second]) expect(await queue.send(reply)).toMatchObject({ outcome: 'sent' });
  const stored = async () => ({
    threads: await database.query('select *, last_number::int, reply_count::int from threads'),
    follows: await database.query('select * from thread_follows order by user_id'),
    messages: await database.query('select id, version, number, parts from messages order by seq'),
    mentions: await database.query('select * from mentions order by user_id'),
    files: await database.query('select message_id, place, state from files'),
    events: await database.query('select code, subject_id from event_log order by id'),
  });
  const before = await stored();
  expect(before.threads).toMatchObject([{ reply_count: 2, last_number: 2 }]);
  expect(await queue.send(first)).toMatchObject({ outcome: 'repeat', id: first.id });
  expect(await stored()).toEqual(before);
  const third = { ...outgoing(chatId, bob, 'third'), extras: { thread_id: root.id } };
  const [again, sent] = await Promise.all([queue.send(second), queue.send(third)]);
  expect([again, sent]).toMatchObject([{ outcome: 'repeat' }, { outcome: 'sent', row: { number: 3 } }]);
  expect((await stored()).threads).toMatchObject([{ reply_count: 3, last_number: 3 }]);
});

test('one bad message fails alone', async () => {
  const { log, lines } = collectedLog();
  await using stage = await stagedQueue({ chats: 2, users: 1, log });
  const {
    queue,
    chats: [one, other],
    users: [alice],
  } = stage;
  const good = [outgoing(one, alice, 'before'), outgoing(one, alice, 'after'), outgoing(other, alice, 'elsewhere')];
  const [first, bad, ...rest] = await Promise.allSettled([
    queue.send(good[0] ?? outgoing(one, alice)),
    queue.send({ ...outgoing(one, alice), id: 'not a uuid' }),
    ...good.slice(1).map((message) => queue.send(message)),
  ]);
  expect(bad).toMatchObject({ status: 'rejected', reason: { code: '22P02' } });
  for (const result of [first, ...rest]) expect(result).toMatchObject({ value: { outcome: 'sent' } });
  expect(await storedTexts(stage.database, one)).toEqual(['before', 'after']);
  expect(lines).toMatchObject([{ messages: 4, msg: 'a batch of sends failed, sending its messages one by one' }]);
});

test('without a database the refusal is database_unavailable', async () => {
  await using away = openQueue({ url: 'postgres://nobody@127.0.0.1:1/none', applicationName: 'test' });
  const reasons = await Promise.all(
    Array.from({ length: 100 }, () => reasonOf(away.queue.send(outgoing(uuidv7(), uuidv7())))),
  );
  expect(new Set(reasons)).toEqual(new Set(['database_unavailable']));
});

test('a database that does not respond is an error after a deadline', async () => {
  await using stage = await stagedQueue({ chats: 2, users: 1 });
  const {
    database,
    chats,
    users: [alice],
  } = stage;
  await using proxy = await tcpProxy(database.url);
  await using silent = openQueue({ ...database, url: proxy.url });
  expect(await silent.queue.send(outgoing(chats[0], alice, 'before'))).toMatchObject({ outcome: 'sent' });
  proxy.silence();
  const reasons = await Promise.all(chats.map((chatId) => reasonOf(silent.queue.send(outgoing(chatId, alice)))));
  expect(reasons).toEqual(['database_unavailable', 'database_unavailable']);
  proxy.restore();
  await vi.waitFor(
    async () => expect(await reasonOf(silent.queue.send(outgoing(chats[0], alice, 'after')))).toBeUndefined(),
    60_000,
  );
});

async function holdHead(database: TestDatabase, chatId: string): Promise<() => Promise<void>> {
  const db = openDatabase({ ...database, applicationName: 'holder', poolSize: 1 });
  onTestFinished(() => db.close());
  const holder = await db.pool.connect();
  await holder.query('begin');
  await holder.query('select 1 from chat_heads where chat_id = $1 for no key update', [chatId]);
  return async () => {
    await holder.query('commit');
    holder.release();
  };
}

const seqOf = (result: SendResult) => ('row' in result ? result.row.seq : result.outcome);
