import { readFileSync } from 'node:fs';
import { cpuMs, familyOf } from './process-cost.ts';

const TICK_MS = 10;
/** Indexes after the name in /proc/<pid>/stat: user and system time of children that have ended. */
const REAPED_USER = 13;
const REAPED_SYSTEM = 14;

/** The CPU time of a process's ended children, in ms, with a resolution of 10 ms. */
export function reapedMs(pid: number | 'self'): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[REAPED_USER]) + Number(fields[REAPED_SYSTEM])) * TICK_MS;
}

/** The CPU time of Postgres so far, in ms: of all its running processes and of back ends that have ended. */
export function postgresMs(pid: number): number {
  for (;;) {
    try {
      return cpuMs(...familyOf(pid)) + reapedMs(pid);
    } catch {
      // A back end ended between the listing and the read.
    }
  }
}
