import { createMessageCipher } from '@fechatter/drizzle';
import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import type { Chance } from '../chance.ts';
import type { Stage } from './faults.ts';
import type { Store } from '../system/store.ts';

/** Ends some of the services' back ends, as an operator or a bad proxy does. */
export async function killBackEnds(store: Store, chance: Chance): Promise<boolean> {
  const rows = await store.query<{ pid: number }>(
    `select pid from pg_stat_activity where usename in ('fechatter_server', 'fechatter_notify') order by pid`,
  );
  const doomed = rows.map(({ pid }) => pid).filter(() => chance.hits(0.4));
  await store.query('select pg_terminate_backend(pid) from unnest($1::int[]) pid', [doomed]);
  return doomed.length > 0;
}

const someChatId = ({ scene }: Stage, chance: Chance) =>
  chance.pick(scene.chats.slice(0, 6).filter(({ isDeleted }) => !isDeleted)).id;

/** Holds the head of a busy chat. */
export async function holdHead(stage: Stage, chance: Chance, forMs: number): Promise<void> {
  await inHeldTransaction(stage.system.store, forMs, [
    ['select 1 from chat_heads where chat_id = $1 for no key update', [someChatId(stage, chance)]],
  ]);
}

/** Holds a snapshot, and with it the horizon. */
export async function holdSnapshot(store: Store, forMs: number): Promise<void> {
  await inHeldTransaction(store, forMs, [
    ['set transaction isolation level repeatable read', []],
    ['select count(*) from log_tick', []],
  ]);
}

/** Leaves a transaction idle that has an id and writes nothing: every snapshot has to mind it. */
export async function leaveIdle(store: Store, forMs: number): Promise<void> {
  await inHeldTransaction(store, forMs, [['select pg_current_xact_id()', []]]);
}

/** Sends a message whose commit comes late: its id is older than those of everything said meanwhile elsewhere. */
export async function sendLate(stage: Stage, chance: Chance, forMs: number): Promise<void> {
  const { system, scene } = stage;
  const chat = chance.pick(scene.chats.filter(({ isDeleted }) => !isDeleted));
  const id = uuidv7();
  const cipher = createMessageCipher([{ id: 1, key: system.encryptionKey }]);
  const body = cipher.seal(chat.id, id, `chaos late ${id}`);
  await inHeldTransaction(
    system.store,
    forMs,
    [
      [
        `select * from send_messages(array[$1::uuid], array[$2::uuid], array[$3::uuid], array[$3::uuid], array[$4::bytea],
          array[$5::bytea], 'wait', 0)`,
        [chat.id, chat.owner.id, id, body, randomBytes(32)],
      ],
    ],
    'commit',
  );
}

async function inHeldTransaction(
  store: Store,
  forMs: number,
  statements: readonly (readonly [text: string, values: unknown[]])[],
  end: 'commit' | 'rollback' = 'rollback',
): Promise<void> {
  const client = await store.connect();
  try {
    await client.query('begin');
    for (const [text, values] of statements) await client.query(text, values);
    await wait(forMs);
    await client.query(end);
  } finally {
    await client.end().catch(() => {});
  }
}

const PARTITION_ROWS = 1_000_000;

/** Lets the log begin shortly before the end of its first partition, as if it had been in use for years. */
export async function moveToEndOfPartition(store: Store, rowsLeft: number): Promise<void> {
  const pos = PARTITION_ROWS - rowsLeft;
  await store.query(`select setval(pg_get_serial_sequence('event_log', 'id'), $1)`, [pos]);
  await store.query('update log_tick set last_pos = $1', [pos]);
  await store.query('update log_order set pos = $1, event_id = $1', [pos]);
  await store.query('select log_add_partitions()');
}

/** Makes the first partition look older than the retention and has it dropped, while sleepers come back to it. */
export async function pruneLog(stage: Stage, chance: Chance): Promise<boolean> {
  const { pruned, cast, system } = stage;
  const { store } = system;
  await store.query('select log_add_partitions()');
  const [state] = await store.query<{ pos: string }>('select max(pos) as pos from log_order');
  if (pruned.belowPos > 0 || Number(state?.pos ?? 0) < PARTITION_ROWS + 50) return false;
  for (const { subscriber } of cast.devices) if (chance.hits(0.3)) subscriber.readSlowly?.(4_000);
  await store.query('create schema if not exists chaos');
  for (const table of ['event_log', 'log_order'])
    await store.query(`create table if not exists chaos.${table} as select * from ${table}_p0`);
  await store.query(
    `update event_log set created_at = now() - interval '80 hours'
     where id in (select id from event_log where id >= $1 order by id limit 1)
       or id in (select event_id from log_order where pos >= $1 order by pos limit 1)`,
    [PARTITION_ROWS],
  );
  // Some come back while it goes, some when it is gone.
  cast.wake(Math.ceil(cast.sleepers.length / 2));
  for (let tries = 0; tries < 50; tries++) {
    await store.query(`select log_prune(interval '72 hours')`);
    const [left] = await store.query<{ n: number }>(
      `select count(*)::int as n from pg_class where relname in ('event_log_p0', 'log_order_p0')`,
    );
    if (left?.n === 0) {
      pruned.belowPos = PARTITION_ROWS;
      pruned.atMs = performance.now();
      cast.wake();
      return true;
    }
    await wait(100);
  }
  return false;
}

/** Puts back what was pruned, so that the whole history can be checked. Nothing may be running. */
export async function restorePruned(store: Store): Promise<void> {
  const [archive] = await store.query<{ found: string | null }>(`select to_regclass('chaos.event_log') as found`);
  if (archive?.found == null) return;
  for (const table of ['event_log', 'log_order']) {
    await store.query(
      `create table if not exists ${table}_p0 partition of ${table} for values from (0) to (${PARTITION_ROWS})`,
    );
    const overriding = table === 'event_log' ? 'overriding system value' : '';
    await store.query(`insert into ${table} ${overriding} select * from chaos.${table} on conflict do nothing`);
  }
}
