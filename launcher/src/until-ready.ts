import { setTimeout as wait } from 'node:timers/promises';

const POLL_MS = 50;
const ASK_TIMEOUT_MS = 2_000;

/**
 * Waits until a service reports that it is ready; after `timeoutMs` it throws an error with the service's last report,
 * and once `signal` is aborted, the signal's reason.
 */
export async function untilReady(url: string, timeoutMs: number, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  let detail = 'no response';
  while (performance.now() < deadline) {
    signal.throwIfAborted();
    try {
      const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(ASK_TIMEOUT_MS) });
      if (response.ok) return;
      detail = await response.text();
    } catch (error) {
      detail = error instanceof Error ? error.message : String(error);
    }
    // Its own error does not have the cause of the abort.
    await wait(POLL_MS, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
  throw new Error(`${url} is not ready after ${timeoutMs / 1_000} s: ${detail}`);
}
