import { currentCursor, type Consumer } from '@fechatter/drizzle';
import { accessOf } from '@fechatter/drizzle/testing';
import { brokenRules } from '@fechatter/server/invariants';
import { testServer } from '@fechatter/server/testing';
import { silentLog, testConfig, testEnvironment } from '@fechatter/service-kit/testing';
import { builtService } from '@fechatter/testing/built-service';
import { until } from '@fechatter/testing/until';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, expect, test } from 'vitest';
import { startWorker } from './start.ts';

const app = await testServer({ FECHATTER_LIMITS_SENDS_PER_MINUTE: '0' });
afterAll(() => app[Symbol.asyncDispose]());
/** As in production: the role with the rights of a worker only. */
const { url: workerUrl } = accessOf(app.database, 'worker');
const settings = (env: Readonly<Record<string, string>> = {}) =>
  testConfig('worker', { FECHATTER_DATABASE_URL: workerUrl, ...env });
const responseOf = async (url: string) => {
  const response = await fetch(url);
  return { status: response.status, body: await response.text() };
};

const script = await builtService('worker');
/** A worker in its own process, and its log. */
function workerProcess(): { readonly child: ChildProcess; readonly log: () => string } {
  const child = spawn(process.execPath, [script], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: {
      PATH: process.env.PATH,
      FECHATTER_DATABASE_URL: workerUrl,
      FECHATTER_ENCRYPTION_KEYS: testEnvironment.FECHATTER_ENCRYPTION_KEYS,
      FECHATTER_WORKER_PORT: '0',
      FECHATTER_WORKER_METRICS_PORT: '0',
    },
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (log += chunk.toString()));
  return { child, log: () => log };
}

/** Messages that are too old, a chat that was deleted, and a person whose erasure stopped halfway. */
async function leftovers(name: string) {
  const { owner, leaver, workspace, chat } = await app
    .chatOf(`${name}-owner`, `${name}-leaver`)
    .then((world) => ({ ...world, owner: world[`${name}-owner`], leaver: world[`${name}-leaver`] }));
  if (owner === undefined || leaver === undefined) throw new Error('there are two people');
  const workspaceId = workspace.id;
  const deleted = await owner.trpc.chat.create.mutate({ workspaceId, chatType: 'Group', name: 'gone', memberIds: [] });
  for (const chatId of [chat.id, deleted.id]) {
    for (let n = 0; n < 5; n++) {
      const { id: messageId } = await owner.trpc.message.send.mutate({ chatId, content: `text ${n}` });
      // A reaction to an expired message, and a pin.
      if (n === 0) await owner.trpc.message.react.mutate({ chatId, messageId, emoji: '👍' });
      if (n === 1) await owner.trpc.message.pin.mutate({ chatId, messageId });
      // Saved: one expired message, and one in the leaver's own list.
      if (n === 2) await owner.trpc.message.save.mutate({ chatId, messageId });
      if (n === 3 && chatId === chat.id) await leaver.trpc.message.save.mutate({ chatId, messageId });
      if (n === 3 && chatId === chat.id) await leaver.trpc.message.pin.mutate({ chatId, messageId });
      if (n === 4 && chatId === chat.id) await leaver.trpc.message.react.mutate({ chatId, messageId, emoji: '🎉' });
    }
  }
  await leaver.trpc.message.send.mutate({ chatId: chat.id, content: 'of the leaver' });
  await owner.trpc.workspace.setRetention.mutate({ workspaceId, days: 30 });
  await app.database.query(
    `update messages set created_at = now() - interval '31 days' where chat_id = $1 and number <= 3`,
    [chat.id],
  );
  await owner.trpc.chat.delete.mutate({ chatId: deleted.id });
  await app.database.query(`update users set erased_at = now(), status = 'Suspended' where id = $1`, [leaver.id]);
  return { chatId: chat.id, deletedId: deleted.id, leaverId: leaver.id };
}

test('two workers at once, with only a worker’s rights, do each piece of work once', { timeout: 240_000 }, async () => {
  const worlds = [await leftovers('a'), await leftovers('b'), await leftovers('c')];
  const workers = [workerProcess(), workerProcess()];
  const isDone = async () => {
    const [left] = await app.database.query<{ count: number }>(
      `select count(*)::int as count from (
         select 1 from messages m join chats c on c.id = m.chat_id
         where m.body is not null and (c.deleted_at is not null or m.created_at < now() - interval '30 days')
         union all select 1 from users where erased_at is not null and wiped_at is null
         union all select 1 from chats where deleted_at is not null and wiped_at is null) x`,
    );
    return left?.count === 0;
  };
  await until(isDone, () => `all is done: ${workers.map(({ log }) => log()).join('\n')}`, 150_000);
  const jobs = await app.database.query<{ name: string }>(
    'select name from maintenance_jobs where finished_at is null',
  );
  await until(
    async () =>
      (await app.database.query('select from maintenance_jobs where finished_at is null or lease is not null'))
        .length === 0,
    () => `every job came to its end: ${JSON.stringify(jobs)}`,
  );
  const seen = await app.database.query(`select from processes where service = 'worker'`);
  expect(seen).toHaveLength(2);
  for (const { child } of workers) child.kill('SIGTERM');
  const codes = await Promise.all(workers.map(({ child }) => once(child, 'exit')));
  expect(codes).toEqual([
    [0, null],
    [0, null],
  ]);
  expect(await app.database.query(`select from processes where service = 'worker'`)).toEqual([]);

  const events = await app.events();
  const log = workers.map((worker) => worker.log()).join('\n');
  const linesAbout = (line: string, id: string) =>
    log.split('\n').filter((at) => at.includes(line) && at.includes(id)).length;
  for (const { chatId, deletedId, leaverId } of worlds) {
    const inChat = events.filter((event) => event.chatId === chatId);
    expect(inChat.filter(({ kind }) => kind === 'chat.purged')).toMatchObject([{ facts: { throughNumber: 3 } }]);
    expect(inChat.filter(({ kind }) => kind === 'message.deleted')).toHaveLength(1);
    expect(inChat.filter(({ kind, facts }) => kind === 'message.reacted' && facts.isAdded === false)).toHaveLength(1);
    expect(inChat.filter(({ kind, subjectId }) => kind === 'member.left' && subjectId === leaverId)).toHaveLength(1);
    expect(linesAbout('deleted chat wiped', deletedId)).toBe(1);
    expect(linesAbout('erased account wiped', leaverId)).toBe(1);
  }
  expect(await app.database.query('select from reactions')).toEqual([]);
  expect(await app.database.query('select user_id from pins')).toEqual(worlds.map(() => ({ user_id: null })));
  expect(await app.database.query('select user_id from saved_messages')).toEqual([]);
  expect(log).not.toContain('"level":50');
  expect(await brokenRules(app.database)).toEqual({});
});

test('a worker reports whether it is ready and why not, and its metrics to callers with the token', async () => {
  const token = 'a-token-for-metrics';
  const consumer: Consumer = {
    name: 'stuck',
    consume: () => Promise.reject(new Error('not this one')),
    onReset: () => Promise.resolve(),
  };
  const worker = await startWorker(settings({ FECHATTER_METRICS_TOKEN: token }), {
    log: silentLog(),
    consumers: [consumer],
    jobs: [{ name: 'bad', everyMs: 60_000, run: () => Promise.reject(new Error('no')) }],
  });
  try {
    expect(await responseOf(`${worker.url}/healthz`)).toEqual({
      status: 200,
      body: '{"status":"ok","service":"worker"}',
    });
    await until(
      async () => (await app.database.query(`select from consumers where name = 'stuck'`)).length === 1,
      'the consumer has begun',
    );
    await app.signUp('somebody').then((person) => person.trpc.workspace.create.mutate({ name: 'an event' }));
    let last = '';
    const ready = async () => {
      const { status, body } = await responseOf(`${worker.url}/readyz`);
      last = `${status} ${body}`;
      return status === 200 && body.includes('stuck is stuck') && /bad failed \d+ times/.test(body) ? body : false;
    };
    const unready = await until(ready, () => `it says what fails, instead of ${last}`);
    expect(unready).not.toContain('not this one');
    expect((await responseOf(`${worker.url}/metrics`)).status).toBe(401);
    const response = await fetch(`${worker.url}/metrics`, { headers: { authorization: `Bearer ${token}` } });
    const text = await response.text();
    expect(text).toMatch(/^fechatter_consumer_positions_behind\{consumer="stuck"\} [1-9]/m);
    expect(text).toMatch(/^fechatter_consumer_failures_total\{consumer="stuck"\} [1-9]/m);
    expect(text).toMatch(/^fechatter_job_failures_total\{maintenance="bad"\} 1/m);
    expect(text).toMatch(/^fechatter_service\{service="worker"\} 1/m);
    expect((await currentCursor(app.db.pool)).pos).toBeGreaterThan(0);
  } finally {
    await worker.close();
  }
});

test('a server stays ready without a worker, and warns', async () => {
  await app.database.query(`delete from processes`);
  const checks = async () => (await responseOf(`${app.url}/readyz`)).body;
  expect((await responseOf(`${app.url}/readyz`)).status).toBe(200);
  expect(await checks()).toContain('no worker was seen for 60 s');
  const worker = await startWorker(settings(), { log: silentLog(), jobs: [] });
  await until(async () => !(await checks()).includes('no worker'), 'it is seen');
  await app.database.query(`update processes set seen_at = now() - interval '61 s'`);
  expect(await checks()).toContain('no worker was seen for 60 s');
  await worker.close();
});

test('a worker has exactly the rights that its jobs need', async () => {
  const { pool } = await import('@fechatter/drizzle').then(({ openDatabase }) =>
    openDatabase({ url: workerUrl, applicationName: 'test' }),
  );
  for (const attempt of [
    `update users set password_hash = ''`,
    `update sessions set refresh_hash = ''`,
    `insert into sessions (id, user_id, refresh_hash, expires_at) select gen_random_uuid(), id, '', now() from users`,
    `delete from messages`,
    `update messages set sender_id = gen_random_uuid()`,
    `update event_log set code = 1`,
    `delete from audit_log`,
    `update chats set workspace_id = gen_random_uuid()`,
    `insert into workspace_members (workspace_id, user_id, role, joined_seq) select gen_random_uuid(), id, 'Owner', 1 from users`,
    `create table mine ()`,
    `select log_reset()`,
  ])
    await expect(pool.query(attempt), attempt).rejects.toMatchObject({ code: '42501' });
  await pool.end();
});
