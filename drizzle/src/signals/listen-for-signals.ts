import { setTimeout as wait } from 'node:timers/promises';
import type { DatabaseOptions } from '../connection.ts';
import { keepConnection } from '../log/kept-connection.ts';
import { SIGNALS_CHANNEL } from './payload.ts';

export interface SignalListenerOptions {
  readonly database: DatabaseOptions;
  /** Called with each payload; anyone who may connect to the database can send one. */
  readonly onPayload: (payload: string) => void;
  readonly onError: (error: unknown) => void;
}

const HEARTBEAT_MS = 15_000;
const QUERY_TIMEOUT_MS = 5_000;

/**
 * Listens for signals until `signal` aborts, on a separate connection, so that a flood of them cannot delay the
 * sequencer's queries. It is never paused, because Postgres keeps every notification until the slowest listener has
 * read it. A heartbeat detects a half-open connection.
 */
export function listenForSignals(
  { database, onPayload, onError }: SignalListenerOptions,
  signal: AbortSignal,
): Promise<void> {
  return keepConnection(
    { ...database, applicationName: `${database.applicationName}-signals`, queryTimeoutMs: QUERY_TIMEOUT_MS },
    signal,
    async (client, alive) => {
      client.on('notification', ({ payload = '' }) => onPayload(payload));
      await client.query(`listen ${SIGNALS_CHANNEL}`);
      while (!alive.aborted) {
        await wait(HEARTBEAT_MS, undefined, { signal: alive }).catch(() => {});
        if (!alive.aborted) await client.query('select 1');
      }
    },
    onError,
  );
}
