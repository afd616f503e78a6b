import { createContext, createElement, type ReactElement, type ReactNode, useContext } from 'react';
import type { Store } from '../store/store.ts';

const StoreContext = createContext<Store | undefined>(undefined);

export interface FechatterProviderProps {
  /** The store of the person who is signed in. When another person signs in, close it and pass another one. */
  readonly store: Store;
  readonly children?: ReactNode;
}

/** Provides the store that the hooks read to the components below it. */
export function FechatterProvider({ store, children }: FechatterProviderProps): ReactElement {
  return createElement(StoreContext.Provider, { value: store }, children);
}

/** The store itself, for anything that has no hook. Throws outside a {@link FechatterProvider}. */
export function useStore(): Store {
  const store = useContext(StoreContext);
  if (store === undefined) throw new Error('there is no FechatterProvider above this component');
  return store;
}
