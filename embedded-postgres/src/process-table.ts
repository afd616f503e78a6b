import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readStatus } from './status-file.ts';

/** The start time of a running process, which with its pid identifies it uniquely. Undefined once it has ended. */
export function startOf(pid: number): string | undefined {
  if (process.platform === 'linux') return linuxStartOf(pid);
  if (!isRunning(pid)) return undefined;
  if (process.platform === 'win32') return 'running';
  return posixPs(['-o', 'lstart=', '-p', String(pid)]);
}

/** Whether any process has this pid, including zombies and other users' processes: the same check as in postgres. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function linuxStartOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

/**
 * The pids of all postgres (or initdb) processes of this data folder, including orphans on platforms where they are
 * visible.
 */
export function serversOf(data: string): number[] {
  if (process.platform === 'linux') return numericEntries('/proc').filter((pid) => worksIn(pid, data));
  const pid = readStatus(data)?.pid;
  return pid !== undefined && isRunning(pid) && looksLikePostgres(pid, data) ? [pid] : [];
}

const numericEntries = (folder: string) => readdirSync(folder).map(Number).filter(Number.isInteger);

/**
 * Every process of a cluster, back ends included, has the data folder as its working directory; initdb has it as an
 * argument.
 */
function worksIn(pid: number, data: string): boolean {
  try {
    const program = basename(readlinkSync(`/proc/${pid}/exe`)).replace(' (deleted)', '');
    if (program !== 'postgres' && program !== 'initdb') return false;
    if (readlinkSync(`/proc/${pid}/cwd`).replace(' (deleted)', '') === data) return true;
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(data);
  } catch {
    return false;
  }
}

function looksLikePostgres(pid: number, data: string): boolean {
  if (process.platform === 'win32') return true;
  const command = posixPs(['-ww', '-o', 'command=', '-p', String(pid)]);
  return command?.includes(join('bin', 'postgres')) === true && command.includes(data);
}

function posixPs(args: string[]): string | undefined {
  try {
    return execFileSync('ps', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim() || undefined;
  } catch {
    return undefined;
  }
}
