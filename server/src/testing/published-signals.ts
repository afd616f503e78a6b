import type { ChatSignal, PresenceHint } from '@fechatter/contract';
import { listenForSignals, readPayload } from '@fechatter/drizzle';
import type { TestDatabase } from '@fechatter/drizzle/testing';
import { until } from '@fechatter/testing/until';
import { randomUUID } from 'node:crypto';

/** The signals that a notify would receive, in order. */
export interface PublishedSignals extends AsyncDisposable {
  readonly signals: readonly ChatSignal[];
  readonly hints: readonly PresenceHint[];
}

/** Listens like a notify; resolves when it listens. */
export async function publishedSignals(database: TestDatabase): Promise<PublishedSignals> {
  const signals: ChatSignal[] = [];
  const hints: PresenceHint[] = [];
  const probe = `a probe ${randomUUID()}`;
  let isListening = false;
  const stopped = new AbortController();
  const onPayload = (payload: string) => {
    if (payload === probe) isListening = true;
    else {
      const read = readPayload(payload);
      signals.push(...read.signals);
      hints.push(...read.hints);
    }
  };
  const running = listenForSignals({ database, onPayload, onError: () => {} }, stopped.signal);
  await until(async () => {
    await database.query(`select pg_notify('fechatter_signals', $1)`, [probe]);
    return isListening;
  }, 'listening');
  return {
    signals,
    hints,
    async [Symbol.asyncDispose]() {
      stopped.abort();
      await running;
    },
  };
}
