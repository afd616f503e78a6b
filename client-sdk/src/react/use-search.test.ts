import { accessOf } from '@fechatter/drizzle/testing';
import { silentLog, testConfig } from '@fechatter/service-kit/testing';
import { until } from '@fechatter/testing/until';
import { startWorker } from '@fechatter/worker';
import { createElement as h, StrictMode } from 'react';
import { act, create } from 'react-test-renderer';
import { afterAll, expect, test } from 'vitest';
import type { FechatterClient } from '../create-fechatter.ts';
import { reasonOf } from '../errors.ts';
import { world } from '../testing/world.ts';
import { type SearchInput, type SearchView, useSearch } from './use-search.ts';

const scene = await world();
const worker = await startWorker(
  testConfig('worker', { FECHATTER_DATABASE_URL: accessOf(scene.database, 'worker').url }),
  {
    log: silentLog(),
    jobs: [],
  },
);
afterAll(async () => {
  await worker.close();
  await scene[Symbol.asyncDispose]();
});

test('a component searches page by page, and drops the response to an older input', async () => {
  const { alice, workspaceId, chatId } = await scene.chatOf('alice', 'bob');
  for (let n = 0; n < 5; n++) await alice.client.message.send.mutate({ chatId, content: `zebra ${n}` });
  await alice.client.message.send.mutate({ chatId, content: 'quagga' });
  const inIndex = async () =>
    (await alice.client.message.search.query({ workspaceId, query: 'quagga' })).hits.length === 1;
  await until(inIndex, 'all are in the index');

  let view: SearchView | undefined;
  function Results({ client, input }: { readonly client: FechatterClient; readonly input: SearchInput | undefined }) {
    view = useSearch(client, input);
    return null;
  }
  const shown = (input: SearchInput | undefined) => h(StrictMode, null, h(Results, { client: alice.client, input }));
  const texts = () => view?.hits.map(({ message }) => message.content);
  const settled = () => until(() => view?.isSearching === false, 'it has searched');
  const tree = create(shown({ workspaceId, query: 'zebra', limit: 2 }));
  await until(() => texts()?.length === 2, 'the first page');
  expect(texts()).toEqual(['zebra 4', 'zebra 3']);
  expect(view).toMatchObject({ hasMore: true, error: undefined });
  act(() => view?.loadMore());
  await until(() => texts()?.length === 4, 'the second page');
  act(() => view?.loadMore());
  await until(() => texts()?.length === 5, 'the last page');
  expect(view?.hits[0]?.ranges).toEqual([[0, 5]]);

  act(() => tree.update(shown({ workspaceId, query: 'zebra' })));
  act(() => tree.update(shown({ workspaceId, query: 'quagga' })));
  await until(() => texts()?.[0] === 'quagga', 'the newest input');
  await settled();
  expect(texts()).toEqual(['quagga']);
  expect(view).toMatchObject({ hasMore: false, searchedBackTo: null });

  act(() => tree.update(shown({ workspaceId, query: 'the' })));
  await until(() => view?.error !== undefined, 'it is refused');
  expect(reasonOf(view?.error)).toBe('query_too_common');
  act(() => tree.update(shown(undefined)));
  await until(() => texts()?.length === 0 && view?.error === undefined, 'nothing is searched');
  act(() => tree.unmount());
});
