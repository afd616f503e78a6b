import type pg from 'pg';
import { setTimeout as wait } from 'node:timers/promises';
import { keyOfSendable, payloadsOf, replaces, SIGNALS_CHANNEL, type Sendable } from './payload.ts';

/** What happened to the signals that were passed to a sender. */
export interface SignalCounts {
  /** Sent to the database. */
  sent: number;
  /** Replaced by a newer one with the same key before they were sent, or older than the one that waits. */
  superseded: number;
  /** Too many waited. */
  dropped: number;
  /** Lost because the database could not be reached. */
  failed: number;
}

/**
 * Sends signals to every notify, after the commit of what they are about. Never makes the caller wait and never fails.
 */
export interface SignalSender {
  send(signal: Sendable): void;
  readonly counts: Readonly<SignalCounts>;
  /** Sends what waits, and ends. */
  close(): Promise<void>;
}

const GATHER_MS = 250;
/** About as many as one process can send in a second; more are dropped. */
const WAITING_MAX = 4_000;
/** At most about 57 `seen` a payload, so some 900 signals a quarter of a second and process. */
const BATCH_MAX = 900;

/**
 * Sends the first signal at once and gathers for 250 ms before it sends again: a process notifies at most four times a
 * second. Outside every transaction, because a transaction that notifies takes a lock of the whole cluster until its commit.
 */
export function createSignalSender(pool: Pick<pg.Pool, 'query'>): SignalSender {
  const waiting = new Map<string, Sendable>();
  const counts: SignalCounts = { sent: 0, superseded: 0, dropped: 0, failed: 0 };
  const closing = new AbortController();
  let running: Promise<void> | undefined;

  const sendBatch = async () => {
    const batch: Sendable[] = [];
    for (const [key, signal] of waiting) {
      if (batch.length === BATCH_MAX) break;
      batch.push(signal);
      waiting.delete(key);
    }
    const values = [SIGNALS_CHANNEL, payloadsOf(batch)];
    try {
      await pool.query({ name: 'signals', text: 'select pg_notify($1, p) from unnest($2::text[]) p', values });
      counts.sent += batch.length;
    } catch {
      counts.failed += batch.length;
    }
  };
  const run = async () => {
    while (waiting.size > 0) {
      await sendBatch();
      await wait(GATHER_MS, undefined, { signal: closing.signal, ref: false }).catch(() => {});
    }
    running = undefined;
  };

  return {
    counts,
    send(signal) {
      const key = keyOfSendable(signal);
      const before = waiting.get(key);
      if (before !== undefined) {
        counts.superseded++;
        if (replaces(signal, before)) waiting.set(key, signal);
      } else if (waiting.size >= WAITING_MAX || closing.signal.aborted) counts.dropped++;
      else {
        waiting.set(key, signal);
        running ??= run();
      }
    },
    async close() {
      closing.abort();
      await running;
    },
  };
}
