import { type DestinationStream, destination, type Logger, pino } from 'pino';
import { prettyLine } from './pretty.ts';
import { redactFields } from './redact.ts';
import { terminalJson } from './terminal-text.ts';

export type Log = Logger;

export interface LogOptions {
  readonly name: string;
  readonly level: string;
  readonly pretty: boolean;
  /**
   * The destination; default: standard output. Written synchronously, so that the last line before an exit is not lost.
   */
  readonly to?: DestinationStream;
}

/**
 * Makes a service's logger: JSON lines, without passwords, tokens, tickets and what users wrote, and without control
 * characters.
 */
export function createLog({ name, level, pretty, to = destination({ fd: 1, sync: true }) }: LogOptions): Log {
  const shown = pretty ? prettyLine : terminalJson;
  const stream = { write: (line: string) => to.write(shown(line)) };
  // Pino's own `redact` costs 40 µs a line with this many names; this costs 1.
  const formatters = { log: (fields: object) => redactFields(fields as Readonly<Record<string, unknown>>) };
  return pino({ name, level, formatters, serializers: { err: (described: unknown) => described } }, stream);
}
