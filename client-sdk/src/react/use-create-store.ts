import { useEffect, useState } from 'react';
import type { FechatterClient } from '../create-fechatter.ts';
import { createStore } from '../store/create-store.ts';
import type { Store, StoreOptions } from '../store/store.ts';

/**
 * Creates a store for the person who is signed in, and closes it when the component unmounts or another person signs
 * in. Null until it is created, and while no one is signed in; re-render after a sign-in. Options only take effect when
 * the store is created.
 *
 * A store holds a live connection: do not create it in `useState` or `useMemo`. Under StrictMode React calls those
 * twice and drops one result silently, so one store would leak and the other would be closed by the first clean-up.
 */
export function useCreateStore(client: FechatterClient, options?: StoreOptions): Store | null {
  const userId = client.session?.id;
  const [made, setMade] = useState<{
    readonly store: Store;
    readonly client: FechatterClient;
    readonly userId: string;
  }>();
  useEffect(() => {
    if (userId === undefined) return undefined;
    let store: Store | undefined;
    let isGone = false;
    // StrictMode undoes its first effect in the same turn: then nothing was created.
    queueMicrotask(() => {
      if (isGone) return;
      store = createStore(client, options);
      setMade({ store, client, userId });
    });
    return () => {
      isGone = true;
      store?.close();
      setMade(undefined);
    };
  }, [client, userId]);
  return made?.client === client && made.userId === userId ? made.store : null;
}
