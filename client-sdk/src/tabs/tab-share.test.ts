import { until } from '@fechatter/testing/until';
import { expect, test } from 'vitest';
import type { HubListener } from '../events/listener.ts';
import { tabBrowser } from '../testing/tab-browser.ts';
import { TabShare } from './tab-share.ts';

test('a tab that takes nothing is sent a bounded number of events, and gets more when it has caught up', async () => {
  const tabs = tabBrowser();
  const joined: HubListener[] = [];
  const options = {
    subject: 'a test',
    inactivityMs: 9_000,
    join: (listener: HubListener) => void joined.push(listener),
    leave: () => {},
    watched: () => [],
    onWatched: () => {},
    onChange: () => {},
  };
  const [leading, slow] = [tabs.openTab(), tabs.openTab()];
  const leader = new TabShare({ ...options, platform: leading.platform });
  await until(() => leader.hasOwn, 'it leads');
  const follower = new TabShare({ ...options, platform: slow.platform });
  const taken: (string | undefined)[] = [];
  const stop = new AbortController();
  const followed = follower.follow({
    since: 'place 0',
    signal: stop.signal,
    onArrival: ({ token }) => void taken.push(token),
    onStatus: () => {},
  });
  await until(() => joined.length === 1, 'it has joined');
  const [remote = expect.fail()] = joined;
  slow.stop();
  let given = 0;
  for (; !remote.isFull; given += 1) remote.give({ token: `place ${given + 1}` });
  expect(given).toBe(1_000);
  remote.isBehind = true;
  slow.goOn();
  await until(() => joined.length === 2, 'it is asked for more');
  expect(joined[1]).toBe(remote);
  expect([taken.length, taken.at(-1), remote.place]).toEqual([given, 'place 1000', 'place 1000']);
  stop.abort();
  await followed;
  follower.close();
  leader.close();
});
