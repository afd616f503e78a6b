import type pg from 'pg';

/** The channel that every tail listens on. A notification carries nothing: losing all of them costs latency only. */
export const LOG_CHANNEL = 'fechatter_log';

/** Rings for the tails after a commit; never waits and never fails. */
export interface Bell {
  ring(): void;
}

/**
 * A bell with at most one notification under way: rings in between become one more. NOTIFY stands outside every
 * transaction, because inside one it takes a lock of the whole cluster until the commit.
 */
export function createBell(pool: pg.Pool): Bell {
  let isRinging = false;
  let isWanted = false;
  const ring = () => {
    isWanted = true;
    if (isRinging) return;
    isRinging = true;
    void (async () => {
      while (isWanted) {
        isWanted = false;
        await pool.query(`notify ${LOG_CHANNEL}`).catch(() => {});
      }
      isRinging = false;
    })();
  };
  return { ring };
}
