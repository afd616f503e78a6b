import { freePort } from '@fechatter/testing/free-port';
import { until } from '@fechatter/testing/until';
import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { untilReady } from './until-ready.ts';

test('a start that is aborted between two requests fails with the reason', async () => {
  const givenUp = new AbortController();
  const { signal } = givenUp;
  const ready = untilReady(`http://127.0.0.1:${await freePort()}`, 60_000, signal);
  ready.catch(() => {});
  await until(() => getEventListeners(signal, 'abort').length > 0, 'it waits before it asks again');
  const reason = new Error('server could not be started');
  givenUp.abort(reason);
  await expect(ready).rejects.toBe(reason);
});
