import { createLog, type Log } from '../log/log.ts';

/** A log that writes nothing. */
export function silentLog(): Log {
  return createLog({ name: 'test', level: 'silent', pretty: false });
}

/** A log, and the lines that were written to it. */
export function collectedLog(level = 'trace'): {
  readonly log: Log;
  readonly lines: readonly Record<string, unknown>[];
} {
  const lines: Record<string, unknown>[] = [];
  const to = { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) };
  return { log: createLog({ name: 'test', level, pretty: false, to }), lines };
}
