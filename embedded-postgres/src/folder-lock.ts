import { randomUUID } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startOf } from './process-table.ts';

/**
 * At most one living process holds a folder. The lock file appears complete (link is atomic) and contains pid and start
 * time, so a lock of a killed process is recognised as stale. A stale lock is removed only under a second lock, after
 * checking again: otherwise a slow starter could remove the lock of a quicker one.
 */
export interface FolderLock {
  release(): Promise<void>;
}

const triesMax = 200;
const retryEveryMs = 10;

/** Takes the lock of a folder; throws at once if a living process has it. */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const path = join(folder, 'lock');
  const mine = `${process.pid} ${startOf(process.pid)} ${randomUUID()}\n`;
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, mine, { flag: 'wx', mode: 0o644 });
  try {
    for (let tries = 0; tries < triesMax; tries++) {
      if (await linked(draft, path)) return { release: () => removeIf(path, mine) };
      const held = await textOf(path);
      const holder = living(held);
      if (holder !== undefined) throw new Error(`${folder} is in use by process ${holder}`);
      if (held !== undefined) await removeStale(path, held, draft);
    }
    throw new Error(`${path} could not be taken`);
  } finally {
    await rm(draft, { force: true });
  }
}

async function removeStale(path: string, stale: string, draft: string): Promise<void> {
  const guard = `${path}.takeover`;
  if (await linked(draft, guard)) {
    await removeIf(path, stale);
    await rm(guard, { force: true });
    return;
  }
  const guarding = await textOf(guard);
  if (guarding !== undefined && living(guarding) === undefined) await removeIf(guard, guarding);
  await pause(retryEveryMs);
}

async function removeIf(path: string, text: string): Promise<void> {
  if ((await textOf(path)) === text) await rm(path, { force: true });
}

function living(held: string | undefined): number | undefined {
  const [pid, start] = held?.trim().split(' ') ?? [];
  return pid !== undefined && startOf(Number(pid)) === start ? Number(pid) : undefined;
}

const linked = (from: string, to: string) => happened(link(from, to), 'EEXIST');

async function happened(act: Promise<void>, otherwise: string): Promise<boolean> {
  try {
    await act;
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === otherwise) return false;
    throw error;
  }
}

const textOf = (path: string) =>
  readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
