/** What the platform reports about its network: browsers do, Node and React Native do not. */
interface Platform {
  readonly navigator?: { readonly onLine?: boolean };
  addEventListener?(type: 'online' | 'offline', listener: () => void): void;
  removeEventListener?(type: 'online' | 'offline', listener: () => void): void;
}

const platform = globalThis as Platform;

/** False only if the platform knows that there is no network. */
export const hasNetwork = (): boolean => platform.navigator?.onLine !== false;

/** Calls the listener when the network is lost or returns; returns a function that removes it. */
export function onNetwork(change: 'online' | 'offline', listener: () => void): () => void {
  platform.addEventListener?.(change, listener);
  return () => platform.removeEventListener?.(change, listener);
}
