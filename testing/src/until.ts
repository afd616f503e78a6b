import { setTimeout as wait } from 'node:timers/promises';

const ASK_AGAIN_MS = 10;

/** Waits for a fact, asking again and again; throws with what it last saw when it does not come in time. */
export async function until<T>(
  fact: () => T | undefined | false | Promise<T | undefined | false>,
  what: string | (() => string),
  timeoutMs = 60_000,
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
    await wait(ASK_AGAIN_MS);
  }
  throw new Error(`not within ${timeoutMs} ms: ${typeof what === 'string' ? what : what()}`, { cause: last });
}
