import type pg from 'pg';
import { setTimeout as wait } from 'node:timers/promises';
import { createClient, type DatabaseOptions, sessionPins } from '../connection.ts';

const BACKOFF_FIRST_MS = 50;
const BACKOFF_MAX_MS = 1_000;

/**
 * Keeps one connection of its own and runs `work` on it until `signal` aborts. If `work` throws or the connection dies,
 * it opens a new one, after a pause that grows to a second.
 */
export async function keepConnection(
  options: DatabaseOptions & { readonly queryTimeoutMs: number },
  signal: AbortSignal,
  work: (client: pg.Client, signal: AbortSignal) => Promise<void>,
  onError: (error: unknown) => void,
): Promise<void> {
  let pauseMs = BACKOFF_FIRST_MS;
  while (!signal.aborted) {
    const client = createClient(options, { query_timeout: options.queryTimeoutMs });
    const lost = new AbortController();
    client.on('error', () => lost.abort());
    client.on('end', () => lost.abort());
    const either = AbortSignal.any([signal, lost.signal]);
    let startedAt = Number.POSITIVE_INFINITY;
    try {
      await client.connect();
      await client.query(sessionPins(options));
      startedAt = performance.now();
      await work(client, either);
    } catch (error) {
      if (!signal.aborted) onError(error);
    } finally {
      // `end` would wait for a query that may never finish: the socket is destroyed instead.
      lost.abort();
      destroy(client);
    }
    if (performance.now() - startedAt > BACKOFF_MAX_MS) pauseMs = BACKOFF_FIRST_MS;
    if (signal.aborted) return;
    await wait(pauseMs * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => {});
    pauseMs = Math.min(pauseMs * 2, BACKOFF_MAX_MS);
  }
}

function destroy(client: pg.Client): void {
  void client.end().catch(() => {});
  // pg declares no type for its stream; destroying it ends the connection whatever state it is in.
  const { connection } = client as unknown as { connection?: { stream?: { destroy(): void } } };
  connection?.stream?.destroy();
}
