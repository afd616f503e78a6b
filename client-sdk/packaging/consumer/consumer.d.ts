import { type Event, type FechatterClient } from '@fechatter/client';
import type { Store } from '@fechatter/client/store';
export declare function useEverything(client: FechatterClient): Promise<void>;
export declare function Room({
  chatId,
  store,
}: {
  chatId: string;
  store: Store;
}): import('react').FunctionComponentElement<import('@fechatter/client/react').FechatterProviderProps>;
export declare const describe: (event: Event) => string;
export declare const storage: () => import('@fechatter/client').SessionStorage;
