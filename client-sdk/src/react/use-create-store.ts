import { useEffect, useState } from 'react';
import type { FechatterClient } from '../create-fechatter.ts';
import { createStore } from '../store/create-store.ts';
import type { Store, StoreOptions } from '../store/store.ts';

/**
 * Makes a store for the person who is signed in, and closes it when the component goes or somebody else signs in. Null
 * until it is made, and while nobody is signed in; render again after a sign-in. Options count when the store is made.
 *
 * A store is a live connection: do not make it in `useState` or `useMemo`. React calls those twice under StrictMode and
 * never says that it dropped a result, so that one store would leak, and the other be closed by the first clean-up.
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
    // StrictMode takes its first effect back in the same turn: then nothing was made.
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
