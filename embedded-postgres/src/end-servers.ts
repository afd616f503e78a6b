import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isRunning, serversOf } from './process-table.ts';
import { readStatus } from './status-file.ts';
import { until } from './until.ts';

const fastMs = 10_000;
const orphansLeaveMs = 500;
const immediateMs = 3_000;
const killMs = 5_000;

/**
 * Ends every postgres process of a data folder, by whichever process it was started: a live postmaster by a clean
 * shutdown, and back ends that a killed postmaster left (they hold the shared memory, which makes the next start fail).
 * Then clears a postmaster.pid whose pid another program has now.
 */
export async function endServers(data: string, log: (line: string) => void): Promise<void> {
  await endAll(data, log);
  const named = readStatus(data)?.pid;
  if (named !== undefined && isRunning(named)) await rm(join(data, 'postmaster.pid'), { force: true });
}

async function endAll(data: string, log: (line: string) => void): Promise<void> {
  const found = serversOf(data);
  if (found.length === 0) return;
  const postmaster = readStatus(data)?.pid;
  if (postmaster !== undefined && found.includes(postmaster)) {
    log(`stopping the PostgreSQL of an earlier start, process ${postmaster}`);
    signal(postmaster, 'SIGINT');
    if (await gone(data, fastMs)) return;
  } else {
    log(`ending what an earlier PostgreSQL left: ${found.length} processes`);
    if (await gone(data, orphansLeaveMs)) return;
  }
  for (const pid of serversOf(data)) signal(pid, 'SIGQUIT');
  if (await gone(data, immediateMs)) return;
  for (const pid of serversOf(data)) signal(pid, 'SIGKILL');
  if (await gone(data, killMs)) return;
  throw new Error(`PostgreSQL processes of ${data} do not end: ${serversOf(data).join(', ')}`);
}

const gone = (data: string, timeoutMs: number) =>
  until(() => (serversOf(data).length === 0 ? true : undefined), timeoutMs);

/** A process that has just ended needs no signal. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (isRunning(pid)) throw error;
  }
}
