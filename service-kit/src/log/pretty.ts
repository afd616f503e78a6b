import { inspect } from 'node:util';
import { terminalLine } from './terminal-text.ts';

const levels: Readonly<Record<number, string>> = {
  10: 'trace',
  20: 'debug',
  30: 'info ',
  40: 'WARN ',
  50: 'ERROR',
  60: 'FATAL',
};

/** A JSON log line formatted for people: `12:00:01 info  server: listening url='http://…'`. */
export function prettyLine(line: string): string {
  const {
    time,
    level,
    name,
    msg,
    err,
    pid: _pid,
    hostname: _hostname,
    ...fields
  } = JSON.parse(line) as Record<string, unknown>;
  const clock = typeof time === 'number' ? new Date(time).toTimeString().slice(0, 8) : '';
  const shown = Object.entries(fields).map(([key, value]) => `${key}=${inspect(value, { breakLength: Infinity })}`);
  const stack = typeof err === 'object' && err !== null && 'stack' in err ? String(err.stack).split('\n') : [];
  const head = [clock, levels[Number(level)] ?? level, `${String(name)}:`, msg ?? '', ...shown].join(' ');
  return `${[head, ...stack].map(terminalLine).join('\n')}\n`;
}
