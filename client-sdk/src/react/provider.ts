import { createContext, createElement, type ReactElement, type ReactNode, useContext } from 'react';
import type { Store } from '../store/store.ts';

const StoreContext = createContext<Store | undefined>(undefined);

export interface FechatterProviderProps {
  /** Of the person who is signed in; close it and give another one when somebody else signs in. */
  readonly store: Store;
  readonly children?: ReactNode;
}

/** Gives the components below it the store that the hooks read. */
export function FechatterProvider({ store, children }: FechatterProviderProps): ReactElement {
  return createElement(StoreContext.Provider, { value: store }, children);
}

/** The store itself, for what has no hook. Throws outside of a {@link FechatterProvider}. */
export function useStore(): Store {
  const store = useContext(StoreContext);
  if (store === undefined) throw new Error('there is no FechatterProvider above this component');
  return store;
}
