import { readFileSync } from 'node:fs';
import { cpuMs, familyOf } from './process-cost.ts';

const TICK_MS = 10;
/** Behind the name in /proc/<pid>/stat: user and system time of children that have ended. */
const REAPED_USER = 13;
const REAPED_SYSTEM = 14;

/** CPU of the children that a process has seen end, in ms, with a grain of 10. */
export function reapedMs(pid: number | 'self'): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[REAPED_USER]) + Number(fields[REAPED_SYSTEM])) * TICK_MS;
}

/** CPU of Postgres so far, in ms: of all that runs below it, and of the back ends that have ended. */
export function postgresMs(pid: number): number {
  for (;;) {
    try {
      return cpuMs(...familyOf(pid)) + reapedMs(pid);
    } catch {
      // A back end has ended between the listing and the reading.
    }
  }
}
