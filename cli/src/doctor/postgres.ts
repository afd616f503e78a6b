import { type Check, type Finding, ok, type Patient, problem, warning } from './finding.ts';

const VERSIONS = { min: 15, max: 18 };
/**
 * Connections outside the pool: those of a server for sends and revocations, those of notify for tail and numbering.
 */
const BESIDE_POOL = { server: 7, notify: 2 };
const FULL_SHARE = 0.8;

/** Checks the settings of Postgres: those that keep acknowledged writes durable, and the room for connections. */
export const checkPostgres: Check = async (patient) => [
  await version(patient),
  ...(await durability(patient)),
  await connections(patient),
  ...(await replicationSlots(patient)),
];

async function version({ db }: Patient): Promise<Finding> {
  const { rows } = await db.query<{ number: number; text: string; is_replica: boolean }>(
    `select current_setting('server_version_num')::int as number, current_setting('server_version') as text,
       pg_is_in_recovery() as is_replica`,
  );
  const { number = 0, text = '', is_replica: isReplica = false } = rows[0] ?? {};
  if (isReplica)
    return problem('PostgreSQL', `${text}, a read replica`, 'Give the services the address of the primary.');
  const major = Math.floor(number / 10_000);
  if (major < VERSIONS.min)
    return problem('PostgreSQL', text, `Upgrade: ${VERSIONS.min} to ${VERSIONS.max} are supported.`);
  if (major > VERSIONS.max)
    return warning('PostgreSQL', text, `Not tested with this build: ${VERSIONS.min} to ${VERSIONS.max} are supported.`);
  return ok('PostgreSQL', text);
}

const mustBeOn = {
  fsync: 'After a crash of the machine the database may be damaged.',
  full_page_writes: 'After a crash of the machine the database may be damaged.',
  synchronous_commit: 'After a crash, acknowledged messages may be lost and positions of the log used twice.',
} as const;

async function durability({ db }: Patient): Promise<Finding[]> {
  const { rows } = await db.query<{ name: string; setting: string }>(
    `select name, setting from pg_settings
     where name in ('fsync', 'full_page_writes', 'synchronous_commit', 'max_prepared_transactions')`,
  );
  const settings = new Map(rows.map(({ name, setting }) => [name, setting]));
  const wrong = Object.entries(mustBeOn).flatMap(([name, why]) => {
    const setting = settings.get(name) ?? 'unknown';
    const isOn = setting === 'on' || (name === 'synchronous_commit' && setting.startsWith('remote_'));
    return isOn ? [] : [problem(name, setting, `Set ${name} = on. ${why}`)];
  });
  const prepared = settings.get('max_prepared_transactions');
  return [
    ...(wrong.length > 0 ? wrong : [ok('durability', 'fsync, full_page_writes and synchronous_commit are on')]),
    prepared === '0'
      ? ok('max_prepared_transactions', '0')
      : warning(
          'max_prepared_transactions',
          String(prepared),
          'Set it to 0: a forgotten prepared transaction blocks the log for ever.',
        ),
  ];
}

async function connections({ db, config }: Patient): Promise<Finding> {
  const { rows } = await db.query<{ most: number; reserved: number; used: number }>(
    `select current_setting('max_connections')::int as most, current_setting('superuser_reserved_connections')::int as reserved,
       (select count(*)::int from pg_stat_activity where backend_type = 'client backend') as used`,
  );
  const { most = 0, reserved = 0, used = 0 } = rows[0] ?? {};
  const room = most - reserved;
  const pair = 2 * config.database.poolSize + BESIDE_POOL.server + BESIDE_POOL.notify;
  const found = `${used} of ${room} in use; a server and a notify take up to ${pair} with database.poolSize ${config.database.poolSize}`;
  if (pair > room) return problem('connections', found, 'Raise max_connections, or lower database.poolSize.');
  if (used > room * FULL_SHARE)
    return warning('connections', found, 'Raise max_connections, or lower database.poolSize.');
  return ok('connections', found);
}

const RETAINED_MAX_BYTES = 8 * 1_073_741_824;

/** A replication slot without a reader keeps the write-ahead log until the disk is full. */
async function replicationSlots({ db }: Patient): Promise<Finding[]> {
  const { rows } = await db.query<{ slot_name: string; active: boolean; bytes: number }>(
    `select slot_name, active, coalesce(pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn), 0)::float8 as bytes
     from pg_replication_slots where not pg_is_in_recovery()`,
  );
  const stuck = rows.filter(({ active, bytes }) => !active || bytes > RETAINED_MAX_BYTES);
  if (stuck.length === 0) return [ok('write-ahead log', 'no replication slot holds it back')];
  return stuck.map(({ slot_name: name, active, bytes }) =>
    warning(
      'write-ahead log',
      `slot ${name} ${active ? 'is behind' : 'has no reader'} and keeps ${Math.round(bytes / 1_048_576)} MiB`,
      `Start its reader, or drop it: select pg_drop_replication_slot('${name}')`,
    ),
  );
}
