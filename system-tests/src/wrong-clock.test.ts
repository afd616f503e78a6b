import { createFechatter } from '@fechatter/client';
import { createStore } from '@fechatter/client/store';
import { testDatabase } from '@fechatter/drizzle/testing';
import { until } from '@fechatter/testing/until';
import { expect, test } from 'vitest';
import { serviceProcess } from './service-processes.ts';
import { PASSWORD } from './world.ts';

const MINUTES_AHEAD = 20;
/** Loaded by Node before the service: its clock is ahead, the database's is not. */
const shiftedClock = `
  const Right = Date;
  const now = () => Right.now() + ${MINUTES_AHEAD} * 60_000;
  globalThis.Date = class Date extends Right {
    constructor(...at) { if (at.length === 0) super(now()); else super(...at); }
    static now() { return now(); }
  };`;

test('a notify with a wrong clock reports it, and its clients report the refusal and do not refresh in a loop', async () => {
  await using database = await testDatabase();
  await using server = await serviceProcess('server', database);
  const NODE_OPTIONS = `--import data:text/javascript,${encodeURIComponent(shiftedClock)}`;
  await using notify = await serviceProcess('notify', database, { NODE_OPTIONS });

  const response = await fetch(`${notify.url}/readyz`);
  const { checks } = (await response.json()) as { checks: { warning?: string }[] };
  expect(checks.map(({ warning }) => warning).join()).toMatch(/clock is 1[12]\d\d s ahead of the database's/);

  let refreshes = 0;
  let connects = 0;
  const client = createFechatter({
    serverUrl: server.url,
    notifyUrl: notify.url,
    fetch: (input, init) => {
      const { pathname, port } = new URL(input instanceof Request ? input.url : input);
      if (pathname.endsWith('/auth.refresh')) refreshes += 1;
      if (port === new URL(notify.url).port) connects += 1;
      return fetch(input, init);
    },
  });
  await client.auth.signup.mutate({ email: 'alice@example.com', password: PASSWORD, fullName: 'Alice' });
  const store = createStore(client, { backoff: { firstMs: 1, maxMs: 20 } });
  using _ = { [Symbol.dispose]: () => store.close() };
  await until(() => connects >= 4, 'it keeps trying');
  expect(String(store.connection.getSnapshot().error)).toMatch(/token_expired/);
  expect(refreshes).toBeLessThanOrEqual(1);
  // The server's clock is right: its calls succeed.
  expect((await client.user.me.query()).fullName).toBe('Alice');
});
