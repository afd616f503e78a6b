import type pg from 'pg';

/** The channel that every tail listens on. A notification carries no data: losing all of them only costs latency. */
export const LOG_CHANNEL = 'fechatter_log';

/** Wakes the tails after a commit; never waits and never fails. */
export interface Notifier {
  notify(): void;
}

/**
 * A notifier with at most one notification under way: calls meanwhile are merged into one more. NOTIFY runs outside
 * every transaction, because inside one it takes a lock of the whole cluster until the commit.
 */
export function createNotifier(pool: pg.Pool): Notifier {
  let isNotifying = false;
  let isWanted = false;
  const notify = () => {
    isWanted = true;
    if (isNotifying) return;
    isNotifying = true;
    void (async () => {
      while (isWanted) {
        isWanted = false;
        await pool.query(`notify ${LOG_CHANNEL}`).catch(() => {});
      }
      isNotifying = false;
    })();
  };
  return { notify };
}
