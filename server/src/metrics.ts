import { logState } from '@fechatter/drizzle';
import { registerDatabaseMetrics, registerFileStoreMetrics } from '@fechatter/service-kit';
import type { Deps } from './deps.ts';

/** Adds the metrics of a server besides those of its procedures; they are counted elsewhere and read at the scrape. */
export function registerServerMetrics(deps: Deps): void {
  const {
    metrics,
    db,
    sends,
    signals,
    limits,
    budgets,
    revoked,
    searches,
    tokens,
    cipher,
    unreadable,
    files,
    remembered,
  } = deps;
  registerDatabaseMetrics(metrics, { pool: db.pool, logState: () => logState(db.pool) });
  metrics.cache('verified_tokens', tokens.remembered);
  metrics.counter({
    name: 'fechatter_unreadable_messages_total',
    help: 'Messages that could not be decrypted when they were read: they are shown as U+FFFD.',
    read: unreadable,
  });
  metrics.cache('message_contents', cipher.counts);
  metrics.cache('chat_lists', () => remembered.chatLists.counts);
  metrics.cache('profiles', () => remembered.profiles.counts);
  metrics.counter({
    name: 'fechatter_searches_total',
    help: 'Pages of searches by how they ended: complete, full, or cut because candidates or time ran out.',
    label: 'outcome',
    read: () => searches.counts,
  });
  metrics.gauge({
    name: 'fechatter_sends_waiting',
    help: 'Messages that wait for a batch.',
    read: () => sends.stats.waiting,
  });
  metrics.counter({
    name: 'fechatter_send_batches_total',
    help: 'Batches of messages that were sent to the database.',
    read: () => sends.stats.batches,
  });
  metrics.counter({
    name: 'fechatter_sends_total',
    help: 'Messages that a batch has settled: sent, repeated or refused.',
    read: () => sends.stats.messages,
  });
  metrics.counter({
    name: 'fechatter_send_batch_failures_total',
    help: 'Batches that failed as a whole: their messages were sent one by one.',
    read: () => sends.stats.retries,
  });
  metrics.counter({
    name: 'fechatter_sends_held_total',
    help: 'How often a chat was locked by another transaction and had to wait.',
    read: () => sends.stats.held,
  });
  metrics.counter({
    name: 'fechatter_sends_busy_total',
    help: 'Messages that were refused because their chat was locked for longer than 2 s.',
    read: () => sends.stats.busy,
  });
  metrics.counter({
    name: 'fechatter_signals_total',
    help: 'Signals by result: sent, superseded by a newer one, over their person’s limit, repeated too soon (thinned), dropped because too many waited, or failed with the database.',
    label: 'outcome',
    read: () => signals.counts,
  });
  metrics.counter({
    name: 'fechatter_rate_limit_refusals_total',
    help: 'Refusals by a limit that is counted in the database; those of sends are calls of message.send with TOO_MANY_REQUESTS.',
    label: 'limit',
    read: () => limits.refusals,
  });
  metrics.counter({
    name: 'fechatter_budget_refusals_total',
    help: 'Calls refused because their person had used up a budget (read, write, heavy, auth) in this process.',
    label: 'budget',
    read: () => budgets.refusals,
  });
  metrics.gauge({
    name: 'fechatter_log_is_fresh',
    help: '1 if this process knows what was revoked until 2 s ago, otherwise 0: then it queries the database for each call.',
    read: () => (revoked.isFresh ? 1 : 0),
  });
  metrics.counter({
    name: 'fechatter_file_bytes_total',
    help: 'Bytes of the content of files that were received and stored, or sent.',
    label: 'direction',
    read: () => files.counts,
  });
  registerFileStoreMetrics(metrics, files.stores.counts);
}
