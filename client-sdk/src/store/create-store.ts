import type { FechatterClient } from '../create-fechatter.ts';
import { LiveStore } from './live-store.ts';
import type { Store, StoreOptions } from './store.ts';

/**
 * Creates a store for the person who is signed in, and begins to read and to receive events. It reads again by itself
 * whenever events were lost. It ends with the session: then create another one.
 */
export function createStore(client: FechatterClient, options: StoreOptions = {}): Store {
  return new LiveStore(client, options);
}
