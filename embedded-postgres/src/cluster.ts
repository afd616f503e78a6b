import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { endServers } from './end-servers.ts';
import type { Footing } from './footing.ts';
import { runAs } from './identity.ts';
import { giveOver } from './ownership.ts';
import { writeWhole } from './write-whole.ts';

export interface ClusterRequest {
  readonly folder: string;
  readonly footing: Footing;
  readonly durable: boolean;
  readonly log: (line: string) => void;
}

/**
 * Makes the database cluster if there is none; returns the owner's password. initdb works in a folder with another
 * name, so `data` is either complete or missing, even after a power cut.
 */
export async function ensureCluster({ folder, footing, durable, log }: ClusterRequest): Promise<string> {
  const { home } = footing;
  await removeUnfinished(home, log);
  const data = join(home, 'data');
  const passwordFile = join(folder, 'password');
  if (isCluster(data)) {
    await checkVersion(data, footing.majorVersion);
    return readPassword(passwordFile);
  }
  await setAside(data, log);
  const password = randomBytes(24).toString('base64url');
  await writeWhole(passwordFile, password, 0o600);
  log(`making a PostgreSQL ${footing.majorVersion} database in ${home}`);
  await initialise(footing, password, durable);
  return password;
}

const isCluster = (data: string) =>
  existsSync(join(data, 'PG_VERSION')) && existsSync(join(data, 'global', 'pg_control'));

async function checkVersion(data: string, majorVersion: number): Promise<void> {
  const made = (await readFile(join(data, 'PG_VERSION'), 'utf8')).trim();
  if (made === String(majorVersion)) return;
  throw new Error(
    `${data} was made by PostgreSQL ${made}, these binaries are ${majorVersion}: upgrade it, or move it away`,
  );
}

async function readPassword(file: string): Promise<string> {
  const password = await readFile(file, 'utf8').catch(() => '');
  if (password === '') throw new Error(`${file} is missing: without it no client can log in to the database beside it`);
  return password.trim();
}

const draftPrefix = 'data.tmp-';

async function removeUnfinished(home: string, log: (line: string) => void): Promise<void> {
  for (const name of await readdir(home)) {
    if (!name.startsWith(draftPrefix)) continue;
    await endServers(join(home, name), log);
    await rm(join(home, name), { recursive: true, force: true });
  }
}

/** A folder that is not a cluster was not made by this package: it is never deleted, only renamed. */
async function setAside(data: string, log: (line: string) => void): Promise<void> {
  if (!existsSync(data)) return;
  if ((await readdir(data)).length === 0) return rmdir(data);
  const aside = `${data}.broken-${Date.now()}`;
  await rename(data, aside);
  log(`${data} is not a whole database: moved to ${aside}`);
}

async function initialise(footing: Footing, password: string, durable: boolean): Promise<void> {
  const draft = join(footing.home, `${draftPrefix}${randomBytes(4).toString('hex')}`);
  const passwordFile = `${draft}-password`;
  await mkdir(draft, { mode: 0o700 });
  await writeFile(passwordFile, password, { mode: 0o600, flag: 'wx' });
  try {
    await giveOver(footing.identity, draft, 0o700);
    await giveOver(footing.identity, passwordFile, 0o600);
    await runInitdb(footing, draft, [`--pwfile=${passwordFile}`, ...(durable ? [] : ['--no-sync'])]);
    await rename(draft, join(footing.home, 'data'));
  } finally {
    await rm(passwordFile, { force: true });
    await rm(draft, { recursive: true, force: true });
  }
}

async function runInitdb(footing: Footing, data: string, more: string[]): Promise<void> {
  const fixed = ['-D', data, '--username=fechatter', '--auth=scram-sha-256', '--encoding=UTF8', '--no-instructions'];
  let output = '';
  for (const locale of localeChoices(footing.majorVersion)) {
    const args = [...fixed, ...locale, ...more];
    const run = await runAs(footing.identity, join(footing.binDir, 'initdb'), args, footing.home);
    if (run.code === 0) return;
    output = run.output.trim();
    if (!output.includes('invalid locale')) break;
  }
  throw new Error(`The database could not be made (initdb): ${output}`);
}

/**
 * The builtin locale (17 and up) sorts the same on every machine, but pg_trgm still asks the C library what a letter
 * is, and in the locale C only ASCII characters are letters. So the C library's C.UTF-8 is used if it exists.
 */
function localeChoices(majorVersion: number): string[][] {
  if (majorVersion < 17) return [['--locale=C', '--lc-ctype=C.UTF-8'], ['--locale=C']];
  const builtin = ['--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  return [
    [...builtin, '--locale=C', '--lc-ctype=C.UTF-8'],
    [...builtin, '--locale=C'],
  ];
}
