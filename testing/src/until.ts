import { setTimeout as wait } from 'node:timers/promises';

const ASK_AGAIN_MS = 10;

/** Polls until a fact holds and returns it; after `timeoutMs` it throws an error with the last failure as its cause. */
export async function until<T>(
  fact: () => T | undefined | false | Promise<T | undefined | false>,
  what: string | (() => string),
  timeoutMs = 120_000,
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
