import type { ChildProcess } from 'node:child_process';
import { closeSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { endServers, signal } from './end-servers.ts';
import type { Footing } from './footing.ts';
import { spawnAs } from './identity.ts';
import { giveOver } from './ownership.ts';
import { logTail, openServerLog } from './server-log.ts';
import { settingArguments } from './settings.ts';
import { readStatus } from './status-file.ts';
import { until } from './until.ts';

export interface ServerRequest {
  readonly footing: Footing;
  readonly port: number;
  readonly logFile: string;
  readonly durable: boolean;
  readonly settings: Record<string, string>;
  readonly startTimeoutMs: number;
  readonly log: (line: string) => void;
}

export interface Server {
  readonly pid: number;
  readonly port: number;
  stop(): Promise<void>;
  readonly exited: Promise<number | null>;
}

/** Another process listens on the port. */
export class PortTaken extends Error {
  constructor(port: number) {
    super(`Port ${port} on 127.0.0.1 is taken by another program: stop that program, or choose another port`);
  }
}

const isTaken = /could not bind IPv4 address.*(already in use|Only one usage)/;

/**
 * Starts the postmaster and resolves when it is ready. It is detached, so that Ctrl-C in the terminal stops the
 * services first.
 */
export async function spawnServer(request: ServerRequest): Promise<Server> {
  const { footing, logFile, port, startTimeoutMs } = request;
  const data = join(footing.home, 'data');
  const args = ['-D', data, ...settingArguments({ ...request, socketDir: await socketDirOf(footing) })];
  const output = openServerLog(logFile);
  const postmaster = spawnAs(footing.identity, join(footing.binDir, 'postgres'), args, {
    cwd: footing.home,
    detached: true,
    stdio: ['ignore', output.fd, output.fd],
  });
  closeSync(output.fd);
  const end = endOf(postmaster);
  const exited = end.exited.then(async (code) => {
    await endServers(data, request.log).catch((error: unknown) => request.log(String(error)));
    return code;
  });
  const ready = () => isReady(postmaster, data) || end.hasCome() || undefined;
  await until(ready, startTimeoutMs);
  const { pid } = postmaster;
  if (pid !== undefined && !end.hasCome() && isReady(postmaster, data)) {
    return { pid, port, exited, stop: () => shutDown(pid, end, exited) };
  }
  const why = end.hasCome() ? 'it ended' : `it was not ready after ${startTimeoutMs} ms`;
  if (pid !== undefined) await shutDown(pid, end, exited);
  const tail = await logTail(logFile, output.startBytes);
  if (isTaken.test(tail)) throw new PortTaken(port);
  throw new Error(`PostgreSQL did not start: ${end.reason() ?? why}. The end of ${logFile}:\n${tail}`);
}

function isReady(postmaster: ChildProcess, data: string): boolean {
  const status = readStatus(data);
  return status !== undefined && status.pid === postmaster.pid && status.isReady;
}

interface End {
  readonly exited: Promise<number | null>;
  hasCome(): boolean;
  reason(): string | undefined;
}

function endOf(postmaster: ChildProcess): End {
  let hasCome = false;
  let reason: string | undefined;
  const exited = new Promise<number | null>((resolve) => {
    postmaster.once('exit', resolve);
    postmaster.once('error', (error) => {
      reason = error.message;
      resolve(null);
    });
  });
  const marked = exited.finally(() => {
    hasCome = true;
  });
  return { exited: marked, hasCome: () => hasCome, reason: () => reason };
}

const stages = [
  { name: 'SIGINT', deadlineMs: 10_000 },
  { name: 'SIGQUIT', deadlineMs: 5_000 },
  { name: 'SIGKILL', deadlineMs: 5_000 },
] as const;

/** Signals a postmaster only while it runs: later its pid, and its folder, may belong to another. */
async function shutDown(pid: number, end: End, exited: Promise<unknown>): Promise<void> {
  for (const { name, deadlineMs } of stages) {
    if (end.hasCome()) break;
    signal(pid, name);
    await until(() => end.hasCome() || undefined, deadlineMs);
  }
  await exited;
}

const socketPathMaxBytes = 100;

/**
 * A socket's path may have 107 bytes; if it is too long, Postgres listens on TCP on 127.0.0.1 alone. The folder is made
 * anew, because the lock beside a killed postmaster's socket blocks while its pid is a zombie's or another program's.
 */
async function socketDirOf(footing: Footing): Promise<string> {
  const folder = join(footing.home, 'socket');
  const longest = join(folder, '.s.PGSQL.65535.lock');
  if (process.platform === 'win32' || Buffer.byteLength(longest) > socketPathMaxBytes) return '';
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { mode: 0o700 });
  await giveOver(footing.identity, folder, 0o700);
  return folder;
}
