import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The postmaster's status in postmaster.pid: line 1 is its pid, line 8 its state. Undefined if the file does not exist.
 */
export function readStatus(data: string): { pid: number; isReady: boolean } | undefined {
  try {
    const lines = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n');
    const pid = Number(lines[0]);
    return Number.isInteger(pid) && pid > 1 ? { pid, isReady: lines[7]?.trim() === 'ready' } : undefined;
  } catch {
    return undefined;
  }
}
