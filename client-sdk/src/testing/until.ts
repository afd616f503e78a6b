import { setTimeout as wait } from 'node:timers/promises';

const POLL_MS = 5;

/** Waits for a fact; throws with what it last saw when it does not come in time. */
export async function until<T>(
  fact: () => T | undefined | false | Promise<T | undefined | false>,
  what: string,
  timeoutMs = 10_000,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  let last: unknown;
  while (performance.now() < deadline) {
    try {
      const value = await fact();
      if (value !== undefined && value !== false) return value;
    } catch (error) {
      last = error;
    }
    await wait(POLL_MS);
  }
  throw new Error(`not within ${timeoutMs} ms: ${what}`, { cause: last });
}
