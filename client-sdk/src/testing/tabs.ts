import type { StoragePage } from '../session/local-storage.ts';

/** A message between tabs arrives in a later turn, as in a browser. */
type OnStorage = (event: StorageEvent) => void;

/** Tabs of one browser: a shared storage with events for the other tabs, and locks if `hasLocks`. */
export function browser({ hasLocks }: { readonly hasLocks: boolean }): {
  openTab: () => StoragePage;
  readonly names: readonly string[];
  /** Clears the storage, as a person does in the browser's settings. */
  clear(): void;
} {
  const kept: Record<string, string> = {};
  const tabs = new Set<Set<OnStorage>>();
  let turn: Promise<unknown> = Promise.resolve();
  const request = <T>(_name: string, work: () => Promise<T>): Promise<T> => {
    const mine = turn.then(work);
    turn = mine.catch(() => {});
    return mine;
  };
  return {
    get names() {
      return Object.keys(kept);
    },
    clear() {
      for (const name of Object.keys(kept)) delete kept[name];
    },
    openTab() {
      const listeners = new Set<OnStorage>();
      tabs.add(listeners);
      const change = (key: string, newValue: string | null) => {
        if (newValue === null) delete kept[key];
        else kept[key] = newValue;
        for (const other of tabs)
          if (other !== listeners)
            for (const listener of other) setTimeout(() => listener({ key, newValue } as StorageEvent));
      };
      const methods = {
        getItem: (key: string) => kept[key] ?? null,
        setItem: (key: string, value: string) => change(key, value),
        removeItem: (key: string) => change(key, null),
      };
      return {
        // `Object.keys` of a storage are the names that it holds.
        localStorage: new Proxy(methods, {
          ownKeys: () => Object.keys(kept),
          getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
        }),
        ...(hasLocks && { navigator: { locks: { request } } }),
        addEventListener: (_, listener) => void listeners.add(listener),
        removeEventListener: (_, listener) => void listeners.delete(listener),
      };
    },
  };
}
