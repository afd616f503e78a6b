import { connectClient } from '@fechatter/drizzle';
import { randomUUID } from 'node:crypto';
import { type Check, type Finding, ok, type Patient, problem, warning } from './finding.ts';

const RING_WAIT_MS = 2_000;

/** Checks whether the database is reachable, by which path, and whether notifications arrive over it. */
export const checkConnection: Check = async (patient) => {
  const { db } = patient;
  try {
    await db.query('select 1');
  } catch (error) {
    const why = error instanceof Error ? error.message || String(Object(error).code) : String(error);
    return [problem('database', `cannot be reached: ${why}`, 'Check database.url, the network, TLS and the password.')];
  }
  return [
    ok('database', 'responds'),
    await encryption(patient),
    await notifications(patient),
    clock(await clockOffsetMs(db)),
  ];
};

async function encryption({ db, config }: Patient): Promise<Finding> {
  const { rows } = await db.query<{ ssl: boolean; version: string | null; local: boolean }>(
    `select coalesce(s.ssl, false) as ssl, s.version, coalesce(inet_server_addr() <<= '127.0.0.0/8' or inet_server_addr() = '::1', true) as local
     from (select pg_backend_pid() as pid) me left join pg_stat_ssl s using (pid)`,
  );
  const [row] = rows;
  const { mode } = config.database.tls;
  if (row?.ssl === true) {
    if (mode === 'verify-full') return ok('TLS', `${row.version ?? 'on'}, certificate and host name verified`);
    return warning(
      'TLS',
      `${row.version ?? 'on'}, but database.tls.mode is ${mode}`,
      'Set it to verify-full, with database.tls.ca.',
    );
  }
  if (row?.local === true) return ok('TLS', 'off, to a database on this host');
  return problem(
    'TLS',
    'off, to a database on another host',
    'Set database.tls.mode to verify-full: messages cross the network in clear.',
  );
}

/** A pooler in transaction mode accepts LISTEN but loses it: everything still works, half a second late. */
async function notifications({ db, database }: Patient): Promise<Finding> {
  const channel = `fechatter_doctor_${randomUUID().replaceAll('-', '')}`;
  const listener = await connectClient(database);
  try {
    const rung = new Promise<true>((settle) => listener.once('notification', () => settle(true)));
    await listener.query(`listen ${channel}`);
    await db.query(`notify ${channel}`);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<false>((settle) => {
      timer = setTimeout(settle, RING_WAIT_MS, false);
    });
    const isReceived = await Promise.race([rung, late]);
    clearTimeout(timer);
    if (isReceived) return ok('LISTEN', 'notifications arrive');
    return problem(
      'LISTEN',
      'a notification did not arrive: a pooler in transaction mode is in front of the database',
      'Give the services a URL that leads to Postgres itself, or the pooler in session mode.',
    );
  } finally {
    await listener.end();
  }
}

async function clockOffsetMs(db: Patient['db']): Promise<number> {
  const beganAt = Date.now();
  const { rows } = await db.query<{ now_ms: number }>(
    'select (extract(epoch from clock_timestamp()) * 1000)::float8 as now_ms',
  );
  return (rows[0]?.now_ms ?? 0) - (beganAt + Date.now()) / 2;
}

const SKEW_MAX_MS = 2_000;

function clock(offsetMs: number): Finding {
  const seconds = (offsetMs / 1_000).toFixed(1);
  if (Math.abs(offsetMs) < SKEW_MAX_MS) return ok('clock', `the database's is ${seconds} s from this one`);
  return warning(
    'clock',
    `the database's is ${seconds} s from this one`,
    'Keep all clocks with NTP: tokens are refused from 60 s on.',
  );
}
