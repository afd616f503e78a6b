import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Need } from '../benchmark.ts';
import { reapedMs } from '../frame/reaped-cost.ts';

export const pgbenchNeed: Need = {
  name: 'pgbench',
  places: ['pgbench', ...[18, 17, 16, 15].map((version) => `/usr/lib/postgresql/${version}/bin/pgbench`)],
  install: 'apt-get install postgresql',
};

/** A sender and a chat. */
export interface Sender {
  readonly chatId: string;
  readonly userId: string;
}

/** The number of finished transactions, and pgbench's own CPU. */
export interface PgbenchRun {
  readonly transactions: number;
  readonly perSecond: number;
  readonly ownMs: number;
}

const SCRIPTS_MAX = 100;
/** The size of the encrypted body of the message that is sent over HTTP. */
const BODY_BYTES = 92;
const MAC_BYTES = 32;

/** Writes one script per sender, one message a statement each, and returns the arguments for pgbench. */
export async function pgbenchScripts(folder: string, name: string, senders: readonly Sender[]): Promise<string[]> {
  const place = join(folder, name);
  await mkdir(place, { recursive: true });
  const paths: string[] = [];
  for (const [index, { chatId, userId }] of senders.slice(0, SCRIPTS_MAX).entries()) {
    const path = join(place, `${index}.sql`);
    const ids = `array['${chatId}']::uuid[], array['${userId}']::uuid[], array[gen_random_uuid()], array[gen_random_uuid()]`;
    const content = `array['\\x${'ab'.repeat(BODY_BYTES)}']::bytea[], array['\\x${'cd'.repeat(MAC_BYTES)}']::bytea[]`;
    await writeFile(path, `select * from send_batch(${ids}, ${content}, null, 'wait', 0);\n`);
    paths.push('-f', path);
  }
  return paths;
}

/** Runs pgbench with prepared statements for `seconds` seconds. */
export async function pgbench(
  program: string,
  databaseUrl: string,
  {
    scripts,
    clients,
    seconds,
  }: { readonly scripts: readonly string[]; readonly clients: number; readonly seconds: number },
): Promise<PgbenchRun> {
  const { hostname, port, username, password, pathname } = new URL(databaseUrl);
  const at = ['-h', hostname, '-p', port, '-U', username, pathname.slice(1)];
  const args = ['-n', '-M', 'prepared', '-j', '1', '-c', String(clients), '-T', String(seconds), ...scripts, ...at];
  const beforeMs = reapedMs('self');
  const env = { ...process.env, PGPASSWORD: password };
  const { stdout } = await promisify(execFile)(program, args, { env, timeout: (seconds + 60) * 1_000 });
  const number = (pattern: RegExp) => Number(pattern.exec(stdout)?.[1]);
  return {
    transactions: number(/actually processed: (\d+)/),
    perSecond: number(/tps = ([\d.]+)/),
    ownMs: reapedMs('self') - beforeMs,
  };
}
