import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { freePort } from '@fechatter/testing/free-port';
import { cpuMs } from '../frame/process-cost.ts';
import { postgresMs } from '../frame/reaped-cost.ts';
import type { BenchDatabase } from '../system/bench-database.ts';
import { benchProcess } from '../system/bench-process.ts';
import { ejabberdConfig } from './ejabberd-config.ts';
import { fillRooms } from './occupants.ts';
import type { System } from './system.ts';

const DATABASE = 'ejabberd';
const READY_MAX_MS = 60_000;
const LOG_SHOWN_CHARS = 1_000;

export interface EjabberdOptions {
  readonly folder: string;
  readonly database: BenchDatabase;
  /** The path of ejabberdctl, which knows where the Erlang libraries are. */
  readonly ejabberdctl: string;
  /** The SQL file with ejabberd's tables for PostgreSQL. */
  readonly schema: string;
}

/**
 * ejabberd with its message archive in a database of its own on our Postgres. It is started by `erl` with ejabberdctl's
 * arguments, but undistributed: it needs no name, no cookie and no epmd, and runs as the current user.
 */
export async function ejabberd({ folder, database, ejabberdctl, schema }: EjabberdOptions): Promise<System> {
  await database.pool.query(`create database ${DATABASE}`);
  const url = Object.assign(new URL(database.url), { pathname: `/${DATABASE}` });
  const archive = new pg.Client({ connectionString: url.href });
  await archive.connect();
  await archive.query(await readFile(schema, 'utf8'));
  const spool = join(folder, 'ejabberd');
  await mkdir(spool, { recursive: true });
  const configFile = join(spool, 'ejabberd.yml');
  const port = await freePort();
  await writeFile(configFile, ejabberdConfig(port, url), { mode: 0o600 });
  const logFile = join(folder, 'ejabberd.log');
  const running = benchProcess({
    entry: { program: 'erl', args: [...erlArgs, '-mnesia', 'dir', `"${spool}"`, '-s', 'ejabberd'] },
    logFile,
    env: {
      ERL_LIBS: await erlLibs(ejabberdctl),
      ERL_CRASH_DUMP: join(spool, 'crash.dump'),
      EJABBERD_CONFIG_PATH: configFile,
      EJABBERD_LOG_PATH: join(spool, 'ejabberd.log'),
    },
  });
  await untilListens(port).catch(async (cause: unknown) => {
    throw new Error(`ejabberd does not listen: ${(await readFile(logFile, 'utf8')).slice(-LOG_SHOWN_CHARS)}`, {
      cause,
    });
  });
  return {
    cpuMs: () => cpuMs(running.pid) + postgresMs(database.pid),
    async stored() {
      const { rows } = await archive.query<{ count: string }>('select count(*) from archive');
      return Number(rows[0]?.count);
    },
    fill: (crowd) => fillRooms(folder, port, crowd),
    async [Symbol.asyncDispose]() {
      await running.stop('SIGKILL');
      await archive.end();
    },
  };
}

/** The arguments of ejabberdctl; idle scheduler threads sleep instead of spinning, because spinning counts as CPU. */
const erlArgs = ['+K', 'true', '+P', '250000', '+sbwt', 'none', '+sbwtdcpu', 'none', '+sbwtdio', 'none', '-noinput'];

async function erlLibs(ejabberdctl: string): Promise<string> {
  const path = /^ERL_LIBS='?([^'\n]+)/m.exec(await readFile(ejabberdctl, 'utf8'))?.[1];
  if (path === undefined) throw new Error(`${ejabberdctl} does not say ERL_LIBS`);
  return path;
}

async function untilListens(port: number): Promise<void> {
  const untilMs = performance.now() + READY_MAX_MS;
  for (;;) {
    const socket = connect({ port, host: '127.0.0.1' });
    try {
      await once(socket, 'connect');
      return;
    } catch (error) {
      if (performance.now() > untilMs) throw error;
      await wait(50);
    } finally {
      socket.destroy();
    }
  }
}
