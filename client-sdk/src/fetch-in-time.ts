/** The platform's `fetch` as the SDK uses it. */
export type Fetch = typeof globalThis.fetch;

/** A fetch that gives up after `timeoutMs`, including the time to read the response. */
export function fetchInTime(fetch: Fetch, timeoutMs: number): Fetch {
  return async (url, init) => {
    const cut = new AbortController();
    const outer = init?.signal ?? undefined;
    const onAbort = () => cut.abort(outer?.reason);
    outer?.addEventListener('abort', onAbort, { once: true });
    if (outer?.aborted === true) onAbort();
    const timer = setTimeout(() => cut.abort(new Error(`no response within ${timeoutMs} ms`)), timeoutMs);
    // Only in Node: a deadline must not keep the process alive.
    (timer as { unref?: () => void }).unref?.();
    try {
      return await fetch(url, { ...init, signal: cut.signal });
    } catch (error) {
      clearTimeout(timer);
      throw error;
    }
  };
}
