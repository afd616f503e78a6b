import { openDatabase } from '@fechatter/drizzle';
import { collectedLog } from '@fechatter/service-kit/testing';
import { afterAll, expect, test } from 'vitest';
import { keepHouse } from './housekeeping.ts';
import { testServer } from './testing/index.ts';

const app = await testServer();
afterAll(() => app[Symbol.asyncDispose]());

test('a server makes missing partitions of the log and wipes what was deleted', async () => {
  const { alice, chat } = await app.chatOf('alice', 'bob');
  await alice.trpc.message.send.mutate({ chatId: chat.id, content: 'soon gone' });
  await alice.trpc.chat.delete.mutate({ chatId: chat.id });
  await app.database.query('drop table event_log_p3');

  const stop = new AbortController();
  const done = keepHouse(app.deps, stop.signal);
  await expect
    .poll(() =>
      app.database.query(
        "select to_regclass('event_log_p3') is not null as is_made, (select count(*)::int from messages where body is not null) as bodies",
      ),
    )
    .toEqual([{ is_made: true, bodies: 0 }]);
  stop.abort();
  await done;
});

test('a chore that takes too long each time is told', async () => {
  const db = openDatabase({ ...app.database, applicationName: 'test', statementTimeoutMs: 200 });
  const { log, lines } = collectedLog();
  const holder = await app.db.pool.connect();
  await holder.query('begin');
  await holder.query('lock table audit_log in access exclusive mode');
  const stop = new AbortController();
  const done = keepHouse({ ...app.deps, db, log }, stop.signal);
  const told = () => lines.filter(({ msg }) => msg === 'a chore failed').map(({ chore }) => chore);
  await expect.poll(told, { timeout: 10_000 }).toContain('forget old lines of the audit log');
  stop.abort();
  await holder.query('rollback');
  holder.release();
  await done;
  await db.close();
});
