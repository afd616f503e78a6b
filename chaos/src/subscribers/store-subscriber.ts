import { createStore, type Store } from '@fechatter/client/store';
import { reasonOf } from '@fechatter/client';
import { Ledger } from './ledger.ts';
import { endReasonOf, type Subscriber } from './subscriber.ts';
import type { FollowerOptions } from './sdk-subscriber.ts';

/** An app that shows everything from the SDK's store: every chat is open, with its members. */
export interface StoreUser extends Subscriber {
  readonly store: Store;
}

const BACKOFF = { firstMs: 100, maxMs: 1_000 };
const PAGE = 20;

/** Opens a store and everything in it; the ledger receives the same connection's events. */
export async function storeUser(options: FollowerOptions, watched: readonly string[]): Promise<StoreUser> {
  const { client, instanceOf } = options;
  const ledger = new Ledger(options.name, 'store', options, options.intake);
  const stop = new AbortController();
  const store = createStore(client, { pageSize: PAGE, backoff: BACKOFF });
  watchAll(store);
  for (const userId of watched) store.presence(userId).subscribe(() => {});
  await store.ready;
  const stream = client.events({ signal: stop.signal });
  const follow = async () => {
    for await (const event of stream)
      if (event.kind === 'reset' && event.reason === 'gap') ledger.gapsAtPos.push(ledger.reachedPos);
      else ledger.take(event as Parameters<Ledger['take']>[0], stream.cursor ?? '', instanceOf());
  };
  const running = follow().catch((error: unknown) => {
    const reason = endReasonOf(reasonOf(error));
    if (reason !== undefined) ledger.end(reason);
    else ledger.mistakes.push(`the store’s connection ended: ${String(error)}`);
  });
  return {
    ledger,
    store,
    async stop() {
      stop.abort();
      store.close();
      await running;
    },
  };
}

function watchAll(store: Store): void {
  const watched = new Set<string>();
  const watch = () => {
    for (const { id } of store.chats.getSnapshot()) {
      if (watched.has(id)) continue;
      watched.add(id);
      store.messages(id).subscribe(() => {});
      store.members(id).subscribe(() => {});
      store.pins(id).subscribe(() => {});
    }
  };
  store.saved.subscribe(() => {});
  store.chats.subscribe(watch);
  watch();
  const watchLists = () => {
    for (const { id } of store.workspaces.getSnapshot()) {
      if (watched.has(id)) continue;
      watched.add(id);
      const threads = store.threads(id);
      const watchThreads = () => {
        for (const { root } of threads.getSnapshot() ?? []) {
          if (watched.has(root.id)) continue;
          watched.add(root.id);
          store.thread(root.chatId, root.id).subscribe(() => {});
        }
      };
      threads.subscribe(watchThreads);
    }
  };
  store.workspaces.subscribe(watchLists);
  watchLists();
}
