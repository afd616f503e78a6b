import { expect, test } from 'vitest';
import { type Database, openDatabase } from '../database.ts';
import { accessOf } from '../testing/service-access.ts';
import { type TestDatabase, testDatabase } from '../testing/test-database.ts';
import { setAuditRetention } from './audit-retention.ts';
import { verifyAudit } from './verify-audit.ts';

interface Scene extends AsyncDisposable {
  readonly database: TestDatabase;
  readonly server: Database;
  readonly worker: Database;
  /** Writes lines as a server does; returns their ids, in order. */
  write(count: number): Promise<string[]>;
  /** Seals everything, as a worker does; returns how many lines each seal has. */
  seal(limit?: number): Promise<number[]>;
  /** Acts as someone who can change everything in the database. */
  tamper(statement: string): Promise<unknown>;
  problems(): Promise<readonly string[]>;
}

async function scene(): Promise<Scene> {
  const database = await testDatabase();
  const [server, worker] = [openDatabase(accessOf(database, 'server')), openDatabase(accessOf(database, 'worker'))];
  return {
    database,
    server,
    worker,
    async write(count) {
      const { rows } = await server.pool.query<{ id: string }>(
        `insert into audit_log (scope_id, id, action, actor_id, user_id, details, address, request_id)
         select gen_random_uuid(), ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'chat.roleChanged',
           case when n % 2 = 0 then gen_random_uuid() end, gen_random_uuid(),
           jsonb_build_object('role', 'Owner', 'text', E'a "line"\\nof two, \u00fc'), '192.0.2.1', case when n % 3 = 0 then 'request-' || n end
         from generate_series((select count(*) + 1 from audit_log), (select count(*) + $1 from audit_log)) n returning id`,
        [count],
      );
      return rows.map(({ id }) => id);
    },
    async seal(limit = 1_000) {
      const sealed: number[] = [];
      for (;;) {
        const { rows } = await worker.pool.query<{ lines: number }>('select lines from audit_seal($1)', [limit]);
        if (rows[0] === undefined) return sealed;
        sealed.push(rows[0].lines);
      }
    },
    tamper: (statement) =>
      database.query(`set session_replication_role = replica; ${statement}; reset session_replication_role`),
    problems: async () => (await verifyAudit(server.pool)).problems,
    async [Symbol.asyncDispose]() {
      await Promise.all([server.close(), worker.close()]);
      await database[Symbol.asyncDispose]();
    },
  };
}

test('each line is sealed once, and an unchanged log is valid', async () => {
  await using at = await scene();
  await at.write(5);
  expect(await at.seal(2)).toEqual([2, 2, 1]);
  await at.write(3);
  expect(await at.seal()).toEqual([3]);
  expect(await at.seal()).toEqual([]);
  await at.write(1);
  expect(await verifyAudit(at.server.pool)).toMatchObject({
    seals: 4,
    lines: 8,
    prunedLines: 0,
    unsealed: 1,
    newest: { n: 4, hash: expect.stringMatching(/^[\da-f]{64}$/) },
    problems: [],
    problemCount: 0,
  });
});

test('two workers that seal at once seal once', async () => {
  await using at = await scene();
  await at.write(100);
  const other = openDatabase(accessOf(at.database, 'worker'));
  const seals = await Promise.all(
    Array.from({ length: 20 }, (_, n) =>
      (n % 2 === 0 ? at.worker : other).pool.query('select lines from audit_seal(10)'),
    ),
  );
  await other.close();
  await at.seal();
  expect(seals.length).toBe(20);
  const verdict = await verifyAudit(at.server.pool);
  expect(verdict).toMatchObject({ lines: 100, unsealed: 0, problems: [] });
  const [listed] = await at.database.query(
    'select count(*)::int as all, count(distinct id)::int as own from (select unnest(ids) as id from audit_seals) s',
  );
  expect(listed).toEqual({ all: 100, own: 100 });
});

test('a line that commits late is in a later seal', async () => {
  await using at = await scene();
  const late = await at.server.pool.connect();
  await late.query('begin');
  await late.query(
    `insert into audit_log (scope_id, id, action) values (gen_random_uuid(), '00000000-0000-7000-8000-ffffffffffff', 'chat.created')`,
  );
  await at.write(2);
  expect(await at.seal()).toEqual([2]);
  await late.query('commit');
  late.release();
  await at.write(1);
  expect(await at.seal()).toEqual([2]);
  expect(await verifyAudit(at.server.pool)).toMatchObject({ seals: 2, lines: 4, unsealed: 0, problems: [] });
});

test('a rolled back line is in no seal', async () => {
  await using at = await scene();
  const client = await at.server.pool.connect();
  await client.query('begin');
  await client.query(
    `insert into audit_log (scope_id, id, action) values (gen_random_uuid(), gen_random_uuid(), 'chat.created')`,
  );
  await client.query('rollback');
  client.release();
  expect(await at.seal()).toEqual([]);
});

test('altered, missing and inserted lines are named', async () => {
  await using at = await scene();
  const [first, second, third, fourth] = await at.write(6);
  await at.seal(3);
  for (const change of [
    `action = 'chat.created'`,
    'actor_id = gen_random_uuid()',
    'user_id = null',
    `details = '{}'`,
    `request_id = 'another'`,
    `created_at = created_at + interval '1 ms'`,
  ]) {
    await at.tamper(`create table kept as table audit_log; update audit_log set ${change} where id = '${first}'`);
    expect(await at.problems(), change).toEqual([`line ${first} of seal 1 was altered`]);
    await at.tamper('delete from audit_log; insert into audit_log select * from kept; drop table kept');
    expect(await at.problems()).toEqual([]);
  }
  await at.tamper(`delete from audit_log where id in ('${second}', '${fourth}')`);
  await at.tamper(
    `insert into audit_log (scope_id, id, action) values (gen_random_uuid(), '${second}', 'chat.created')`,
  );
  expect(await at.problems()).toEqual([
    `line ${second} of seal 1 is missing`,
    `line ${fourth} of seal 2 is missing`,
    `line ${second} is in no seal and does not wait for one`,
  ]);
  expect(third).toBeDefined();
});

test('both swapped lines are named', async () => {
  await using at = await scene();
  const [first, second] = await at.write(2);
  await at.seal();
  await at.tamper(`
    update audit_log a set action = a.action, user_id = b.user_id, details = b.details, request_id = b.request_id, actor_id = b.actor_id
    from audit_log b where a.id <> b.id`);
  expect(await at.problems()).toEqual([`line ${first} of seal 1 was altered`, `line ${second} of seal 1 was altered`]);
});

test('a line that was removed before its seal is reported', async () => {
  await using at = await scene();
  const [first] = await at.write(1);
  await at.tamper('delete from audit_log');
  await at.seal();
  expect(await at.problems()).toEqual([`line ${first} of seal 1 was missing when it was sealed`]);
});

test('a missing, altered, swapped or rebuilt seal is named', async () => {
  await using at = await scene();
  await at.write(6);
  await at.seal(1);
  const kept = (await verifyAudit(at.server.pool)).newest;
  const undo = 'delete from audit_seals; insert into audit_seals select * from kept; drop table kept';
  const attempt = async (statement: string) => {
    await at.tamper(`create table kept as table audit_seals; ${statement}`);
    const found = await at.problems();
    await at.tamper(undo);
    return found;
  };
  expect(await attempt('delete from audit_seals where n = 3')).toEqual([
    'seal 3 is missing',
    expect.stringMatching(/^line .* is in no seal and does not wait for one$/),
  ]);
  expect((await attempt('delete from audit_seals where n < 4'))[0]).toBe('seals 1 to 3 are missing');
  expect(await attempt('update audit_seals set lines = 9 where n = 2')).toEqual([
    'seal 2 does not follow from the one before it: it was altered, or that one',
  ]);
  expect(await attempt(`update audit_seals set digests = array['\\x00'::bytea] where n = 2`)).toEqual([
    'seal 2: its list of 1 lines was altered',
  ]);
  expect(
    await attempt(
      'update audit_seals set n = case n when 2 then -3 else -2 end where n in (2, 3); update audit_seals set n = -n where n < 0',
    ),
  ).toEqual([
    'seal 2 does not follow from the one before it: it was altered, or that one',
    'seal 3 does not follow from the one before it: it was altered, or that one',
    'seal 4 does not follow from the one before it: it was altered, or that one',
  ]);
  // Everything from some point on is remade with the real function: only a seal that was kept elsewhere reveals it.
  await at.tamper(`delete from audit_seals; update audit_log set action = 'chat.deleted';
    insert into audit_unsealed select scope_id, id, created_at from audit_log`);
  await at.seal(1);
  expect(await at.problems()).toEqual([]);
  expect((await verifyAudit(at.server.pool, kept)).problems).toEqual(['seal 6 is not the one that was written down']);
  await at.tamper('delete from audit_log; delete from audit_seals');
  expect((await verifyAudit(at.server.pool, kept)).problems).toEqual(['seal 6, which was written down, is missing']);
});

test('an erasure removes addresses, and the log still matches its seals', async () => {
  await using at = await scene();
  const [id] = await at.database.query<{ id: string }>(
    `insert into users (id, email, full_name, password_hash, erased_at) values (gen_random_uuid(), 'x', '', '', now()) returning id`,
  );
  await at.server.pool.query(
    `insert into audit_log (scope_id, id, action, actor_id, address) select $1, gen_random_uuid(), 'account.signedIn', $1, '192.0.2.1'`,
    [id?.id],
  );
  await at.seal();
  await at.worker.pool.query('select audit_forget_addresses($1, 100)', [id?.id]);
  expect(await at.database.query('select address from audit_log')).toEqual([{ address: null }]);
  expect(await verifyAudit(at.server.pool)).toMatchObject({ lines: 1, problems: [] });
});

test('pruning removes lines older than the retention, keeps the seals, and differs from a theft', async () => {
  await using at = await scene();
  const age = (days: number) =>
    at.tamper(
      `update audit_log set created_at = created_at - interval '${days} days'; update audit_unsealed set created_at = created_at - interval '${days} days'`,
    );
  const prune = async () =>
    (await at.worker.pool.query<{ gone: number | null }>('select audit_prune_seal() as gone')).rows[0]?.gone;
  await at.write(4);
  await age(40);
  expect(await at.seal(2)).toEqual([2, 2]);
  await at.write(2);
  await at.seal();
  expect(await prune()).toBe(null);
  await setAuditRetention(at.database, 30);
  const [stolen] = await at.database.query<{ id: string }>('select id from audit_log order by id offset 2 limit 1');
  await at.tamper(`delete from audit_log where id = '${stolen?.id}'`);
  expect(await prune()).toBe(2);
  expect(await prune()).toBe(1);
  expect(await prune()).toBe(null);
  expect(await verifyAudit(at.server.pool)).toMatchObject({
    seals: 3,
    lines: 2,
    prunedSeals: 2,
    prunedLines: 4,
    problems: ['seal 2: 1 of its 2 lines were missing when it was pruned'],
  });
  await setAuditRetention(at.database, 365);
  await at.tamper('update audit_seals set pruned_after_days = 41 where n = 1');
  expect((await at.problems())[0]).toBe('seal 1: its 2 lines were pruned before their time');
});

test('neither a service nor its owner by mistake can shorten the retention', async () => {
  await using at = await scene();
  await at.write(2);
  await at.seal();
  for (const { pool } of [at.server, at.worker])
    for (const attempt of [
      'update audit_settings set retention_days = 1',
      'delete from audit_unsealed',
      'delete from audit_seals',
      'update audit_seals set lines = 0',
      `insert into audit_seals (n, lines, newest_at, content, hash) values (9, 0, now(), '', '')`,
      'delete from audit_log',
    ])
      await expect(pool.query(attempt), attempt).rejects.toMatchObject({ code: '42501' });
  await expect(at.server.pool.query('select audit_seal(1)')).rejects.toMatchObject({ code: '42501' });
  await expect(at.server.pool.query('select audit_prune_seal()')).rejects.toMatchObject({ code: '42501' });
  for (const attempt of [
    'delete from audit_seals',
    'truncate audit_seals',
    'update audit_seals set lines = 0',
    'delete from audit_log',
  ])
    await expect(at.database.query(attempt), attempt).rejects.toMatchObject({ code: '42501' });
});
