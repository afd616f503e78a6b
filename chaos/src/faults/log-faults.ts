import type { Chance } from '@fechatter/testing/chance';
import { until } from '@fechatter/testing/until';
import type { Cast } from '../subscribers/cast.ts';
import type { Store } from '../system/store.ts';

/** A log that is pruned repeatedly; pruned rows are kept aside for the checker. */
export interface PrunedLog {
  readonly partitionRows: number;
  /** Each pruning: when it was over, every position below `belowPos` was gone. */
  readonly cuts: { readonly belowPos: number; readonly beganAtMs: number }[];
}

const TABLES = ['log_order', 'event_log'] as const;

/** Makes more and smaller partitions in a new log, so that they are rotated and pruned during a run. */
export async function shrinkPartitions(store: Store, rows: number): Promise<void> {
  for (const name of ['log_add_partitions', 'log_prune'])
    await store.query(
      `do $$ begin execute replace(replace(pg_get_functiondef('${name}'::regproc), '1000000', '${rows}'),
         '+ 3 loop', '+ 9 loop'); end $$`,
    );
  for (const table of TABLES)
    for (const part of await partsOf(store, table)) await store.query(`drop table ${table}_p${part}`);
  await store.query('select log_reset()');
}

const partsOf = async (store: Store, table: string): Promise<number[]> => {
  const rows = await store.query<{ n: number }>(
    `select substring(c.relname from '_p(\\d+)$')::int as n from pg_inherits i join pg_class c on c.oid = i.inhrelid
     where i.inhparent = '${table}'::regclass order by 1`,
  );
  return rows.map(({ n }) => n);
};

const GONE_MS = 10_000;
const BEHIND = 100;

/**
 * Dates all full partitions but the last back past the retention, and has them dropped. Some sleepers come back
 * meanwhile, some afterwards, and others read slowly all the time.
 */
export async function pruneLog(
  { store }: { readonly store: Store },
  cast: Cast,
  log: PrunedLog,
  chance: Chance,
): Promise<boolean> {
  await store.query('select log_add_partitions()');
  const [last] = await store.query<{ pos: string }>('select max(pos) as pos from log_order');
  const firstKept = Math.floor((Number(last?.pos ?? 0) - BEHIND) / log.partitionRows);
  const belowPos = firstKept * log.partitionRows;
  const doomed = await partitionsBelow(store, firstKept);
  const isPruned = doomed.length > 0 && !(await isMoving(store, doomed, belowPos));
  if (isPruned) {
    for (const { subscriber } of cast.devices) if (chance.hits(0.3)) subscriber.readSlowly?.(4_000);
    for (const name of doomed) await keep(store, name);
    log.cuts.push({ belowPos, beganAtMs: performance.now() });
    await age(store, belowPos);
    cast.wake(Math.ceil(cast.sleepers.length / 2));
    await until(
      () => prune(store, doomed),
      () => `${doomed.join(', ')} are gone`,
      GONE_MS,
    );
  }
  cast.wake();
  cast.rest(3, chance);
  return isPruned;
}

const partitionsBelow = async (store: Store, firstKept: number): Promise<string[]> => {
  const names: string[] = [];
  for (const table of TABLES)
    for (const part of await partsOf(store, table)) if (part < firstKept) names.push(`${table}_p${part}`);
  return names;
};

/**
 * Whether a partition is still being written. Ids are assigned before positions, and rows are committed after that, but
 * never days after.
 */
async function isMoving(store: Store, doomed: readonly string[], at: number): Promise<boolean> {
  const found = await store.query(
    `select 1 from pg_locks where relation = any($2::text[]::regclass[]) and mode = 'RowExclusiveLock'
     union all select 1 from log_order where pos >= $1 and event_id < $1
     union all select 1 from event_log e where e.id < $1 and e.id > (select min(event_id) from log_order)
       and not exists (select 1 from log_order o where o.event_id = e.id)`,
    [at, doomed],
  );
  return found.length > 0;
}

async function keep(store: Store, name: string): Promise<void> {
  const table = name.startsWith('event_log') ? 'event_log' : 'log_order';
  await store.query('create schema if not exists chaos');
  await store.query(`create table if not exists chaos.${table} as table ${table} with no data`);
  await store.query(`create unique index if not exists ${table}_key on chaos.${table} (${keyOf(table)})`);
  await store.query(`insert into chaos.${table} table ${name} on conflict do nothing`);
}

const age = (store: Store, at: number) =>
  store.query(
    `update event_log set created_at = now() - interval '80 hours'
     where id <= (select id from event_log where id >= $1 order by id limit 1)
       or id = (select event_id from log_order where pos >= $1 order by pos limit 1)`,
    [at],
  );

async function prune(store: Store, doomed: readonly string[]): Promise<boolean> {
  await store.query(`select log_prune(interval '72 hours')`);
  const left = await store.query('select 1 from pg_class where relname = any($1)', [doomed]);
  return left.length === 0;
}

const keyOf = (table: (typeof TABLES)[number]) => (table === 'event_log' ? 'id' : 'pos');

/** Restores pruned rows, so that the whole history can be checked. No service may be running. */
export async function restorePruned(store: Store, { partitionRows }: PrunedLog): Promise<void> {
  const [archive] = await store.query<{ found: string | null }>(`select to_regclass('chaos.event_log') as found`);
  if (archive?.found == null) return;
  for (const table of TABLES) {
    const [first = 0] = await partsOf(store, table);
    if (first === 0) continue;
    await store.query(
      `create table ${table}_kept partition of ${table} for values from (0) to (${first * partitionRows})`,
    );
    const overriding = table === 'event_log' ? 'overriding system value' : '';
    await store.query(
      `insert into ${table} ${overriding} select * from chaos.${table} where ${keyOf(table)} < ${first * partitionRows}`,
    );
  }
}
