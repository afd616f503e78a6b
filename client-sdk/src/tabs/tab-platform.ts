/** A channel to the other tabs: what is said, all of them hear, and this one does not. */
export interface TabChannel {
  say(message: unknown): void;
  close(): void;
}

/** What tabs need to share something. */
export interface TabPlatform {
  /** One tab has a lock at a time; it is free again when that tab is gone. */
  readonly locks: Pick<LockManager, 'request'>;
  /** Throws where the browser refuses. */
  openChannel(name: string, hear?: (message: unknown) => void): TabChannel;
  isVisible(): boolean;
  /** Calls back before this tab stops for a while, and when it goes on; returns a function that ends this. */
  onFreeze(freeze: () => void, resume: () => void): () => void;
}

/** That of a page in a browser that has all of it; undefined elsewhere: workers, Node, React Native, old browsers. */
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
    // Where cookies are blocked, asking may throw.
    return undefined;
  }
}

function openChannel(name: string, hear: (message: unknown) => void = () => {}): TabChannel {
  const channel = new BroadcastChannel(name);
  channel.addEventListener('message', ({ data }) => hear(data));
  return { say: (message) => channel.postMessage(message), close: () => channel.close() };
}

/** The page is kept for going back to it, or stopped in the background. */
function onFreeze(document: Document, freeze: () => void, resume: () => void): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  document.addEventListener('freeze', freeze, { signal });
  document.addEventListener('resume', resume, { signal });
  addEventListener('pagehide', freeze, { signal });
  addEventListener('pageshow', resume, { signal });
  return () => stop.abort();
}
