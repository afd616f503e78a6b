import { setTimeout as wait } from 'node:timers/promises';

const POLL_MS = 50;

/** Waits for a fact; throws with what it last saw when it does not come in time. */
export async function until<T>(
  fact: () => T | undefined | false | Promise<T | undefined | false>,
  what: () => string,
  timeoutMs: number,
): Promise<T> {
  const deadlineMs = performance.now() + timeoutMs;
  let last: unknown;
  while (performance.now() < deadlineMs) {
    try {
      const value = await fact();
      if (value !== undefined && value !== false) return value;
    } catch (error) {
      last = error;
    }
    await wait(POLL_MS);
  }
  throw new Error(`not within ${timeoutMs} ms: ${what()}`, { cause: last });
}
