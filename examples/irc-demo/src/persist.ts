import { isFechatterError } from '@fechatter/client';
import { setTimeout as wait } from 'node:timers/promises';

const passing = ['busy', 'database_unavailable', 'internal', 'rate_limited'] as const;
const PAUSE_FIRST_MS = 50;
const PAUSE_MAX_MS = 1_000;
const GIVE_UP_MS = 120_000;

/** Retries until there is a response; only permanent refusals are thrown. So `work` must be safe to repeat. */
export async function persist<T>(work: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + GIVE_UP_MS;
  for (let pauseMs = PAUSE_FIRST_MS; ; pauseMs = Math.min(pauseMs * 2, PAUSE_MAX_MS)) {
    try {
      return await work();
    } catch (error) {
      const isFinal = isFechatterError(error) && !isFechatterError(error, ...passing);
      if (isFinal || performance.now() > deadline) throw error;
    }
    await wait(pauseMs);
  }
}
