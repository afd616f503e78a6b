import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the postmaster says of itself in postmaster.pid: line 1 its pid, line 8 how far it is. Undefined without the file. */
export function readStatus(data: string): { pid: number; isReady: boolean } | undefined {
  try {
    const lines = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n');
    const pid = Number(lines[0]);
    return Number.isInteger(pid) && pid > 1 ? { pid, isReady: lines[7]?.trim() === 'ready' } : undefined;
  } catch {
    return undefined;
  }
}
