import { once } from 'node:events';
import pg from 'pg';

const CHANNEL = 'bench_round_trip';

/**
 * The time from NOTIFY on one connection to its arrival on another, one at a time: the lower bound for everything that
 * waits for a notification.
 */
export async function listenNotifyMs(url: string, times: number): Promise<readonly number[]> {
  const listener = new pg.Client({ connectionString: url });
  const notifier = new pg.Client({ connectionString: url });
  await Promise.all([listener.connect(), notifier.connect()]);
  try {
    await listener.query(`listen ${CHANNEL}`);
    const tookMs: number[] = [];
    for (let time = 0; time < times; time++) {
      const startedAtMs = performance.now();
      const arrived = once(listener, 'notification');
      await Promise.all([notifier.query(`notify ${CHANNEL}`), arrived]);
      tookMs.push(performance.now() - startedAtMs);
    }
    return tookMs;
  } finally {
    await Promise.all([listener.end(), notifier.end()]);
  }
}
