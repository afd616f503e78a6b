import type { Session } from '../wire.ts';
import type { ItemStorage, SessionStorage } from './session-storage.ts';

/** The parts of a page's `window` that this needs, without DOM types. */
export interface StoragePage {
  readonly localStorage: {
    getItem(name: string): string | null;
    setItem(name: string, value: string): void;
    removeItem(name: string): void;
  };
  readonly navigator?: { readonly locks?: { request<T>(name: string, work: () => Promise<T>): Promise<T> } };
  addEventListener?(type: 'storage', listener: (event: StorageChange) => void): void;
  removeEventListener?(type: 'storage', listener: (event: StorageChange) => void): void;
}

/** A change by another tab. A null key means that everything was cleared. */
interface StorageChange {
  readonly key: string | null;
  readonly newValue: string | null;
}

/**
 * Keeps the session in `localStorage`, for all tabs of the page's origin: they refresh it once, and a sign-out in one
 * tab ends it in the others. Every script of the origin can read it. If the browser forbids storage, the session is not
 * kept. Files of unsent messages are kept in IndexedDB, in a database of the same name.
 */
export function localStorageStorage(name = 'fechatter', page = globalThis as unknown as StoragePage): SessionStorage {
  const sessionName = `${name}.session`;
  const items = itemsOf(page, `${name}.item.`);
  return {
    items,
    files: async () => {
      // Loaded by those that have files.
      const { indexedDbFiles } = await import('../unsent-files/indexed-db-files.ts');
      return indexedDbFiles(name);
    },
    load: () => sessionOf(attempt(() => page.localStorage.getItem(sessionName))),
    save: (session) => {
      attempt(() => write(page, sessionName, session === null ? null : JSON.stringify(session)));
    },
    watch(onChange) {
      const onStorage = ({ key, newValue }: StorageChange) => {
        // Null: everything was cleared.
        if (key === sessionName || key === null) onChange(sessionOf(key === null ? null : newValue));
      };
      page.addEventListener?.('storage', onStorage);
      return () => page.removeEventListener?.('storage', onStorage);
    },
    async exclusively(work) {
      const locks = attempt(() => page.navigator?.locks);
      // Without locks, two tabs may refresh at once: the service gives both the same successor.
      if (!locks) return work();
      let isRunning = false;
      const run = () => {
        isRunning = true;
        return work();
      };
      return locks.request(`${name}.refresh`, run).catch((error: unknown) => {
        // If cookies are blocked, locks are refused.
        if (isRunning) throw error;
        return work();
      });
    },
  };
}

function itemsOf(page: StoragePage, prefix: string): ItemStorage {
  return {
    names: () =>
      Object.keys(attempt(() => page.localStorage) ?? {})
        .filter((key) => key.startsWith(prefix))
        .map((key) => key.slice(prefix.length)),
    get: (name) => attempt(() => page.localStorage.getItem(prefix + name)),
    set: (name, value) => write(page, prefix + name, value),
  };
}

/** Throws if the browser refuses. */
function write(page: StoragePage, name: string, value: string | null): void {
  if (value === null) page.localStorage.removeItem(name);
  else page.localStorage.setItem(name, value);
}

/** Null if the browser refuses: storage is forbidden or full. */
function attempt<T>(work: () => T): T | null {
  try {
    return work();
  } catch {
    return null;
  }
}

function sessionOf(text: string | null): Session | null {
  const stored = text === null ? null : attempt(() => JSON.parse(text) as Session & { expiresAt: string });
  if (typeof stored?.id !== 'string' || typeof stored.refreshToken !== 'string') return null;
  return { ...stored, expiresAt: new Date(stored.expiresAt) };
}
