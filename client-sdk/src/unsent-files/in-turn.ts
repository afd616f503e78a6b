/** Another tab that uploads the same file for longer is not waited for: then both upload it, which is only slower. */
const WAIT_MAX_MS = 600_000;

/** Runs `work` while no other tab does so under this name, where the platform has locks. */
export async function inTurn<T>(name: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  const { locks } = (globalThis.navigator ?? {}) as { readonly locks?: LockManager };
  if (locks === undefined) return work();
  const waiting = new AbortController();
  const giveUp = () => waiting.abort();
  const timer = setTimeout(giveUp, WAIT_MAX_MS);
  signal.addEventListener('abort', giveUp, { once: true });
  let running: Promise<T> | undefined;
  try {
    return await locks.request(name, { signal: waiting.signal }, () => {
      clearTimeout(timer);
      return (running = work());
    });
  } catch (error) {
    // Without a lock: it was waited for long enough, or the browser refuses locks.
    signal.throwIfAborted();
    if (running === undefined) return work();
    throw error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', giveUp);
  }
}
