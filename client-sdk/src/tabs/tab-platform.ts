/** A channel to all other tabs. */
export interface TabChannel {
  send(message: unknown): void;
  close(): void;
}

/** What tabs need to share a stream. */
export interface TabPlatform {
  /** One tab holds a lock at a time; it is released when that tab is gone. */
  readonly locks: Pick<LockManager, 'request'>;
  /** Throws if the browser refuses. */
  openChannel(name: string, onMessage?: (message: unknown) => void): TabChannel;
  isVisible(): boolean;
  /** Calls back before this tab is frozen, and when it resumes; returns a function that removes the callbacks. */
  onFreeze(freeze: () => void, resume: () => void): () => void;
}

/**
 * The platform of a page in a browser that has all of it; undefined elsewhere: workers, Node, React Native, old
 * browsers.
 */
export function tabPlatform(): TabPlatform | undefined {
  try {
    const { document, navigator } = globalThis as { document?: Document; navigator?: Partial<Navigator> };
    const locks = navigator?.locks;
    if (document === undefined || locks === undefined || typeof BroadcastChannel !== 'function') return undefined;
    return {
      locks,
      openChannel,
      isVisible: () => document.visibilityState === 'visible',
      onFreeze: (freeze, resume) => onFreeze(document, freeze, resume),
    };
  } catch {
    // If cookies are blocked, access may throw.
    return undefined;
  }
}

function openChannel(name: string, onMessage: (message: unknown) => void = () => {}): TabChannel {
  const channel = new BroadcastChannel(name);
  channel.addEventListener('message', ({ data }) => onMessage(data));
  return { send: (message) => channel.postMessage(message), close: () => channel.close() };
}

/** The page is in the back/forward cache, or frozen in the background. */
function onFreeze(document: Document, freeze: () => void, resume: () => void): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  document.addEventListener('freeze', freeze, { signal });
  document.addEventListener('resume', resume, { signal });
  addEventListener('pagehide', freeze, { signal });
  addEventListener('pageshow', resume, { signal });
  return () => stop.abort();
}
