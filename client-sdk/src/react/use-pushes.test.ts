import { until } from '@fechatter/testing/until';
import { createElement as h, StrictMode } from 'react';
import { act, create } from 'react-test-renderer';
import { expect, test } from 'vitest';
import type { Pushes, PushState } from '../push/create-pushes.ts';
import { type PushesView, usePushes } from './use-pushes.ts';

/** What a browser says; Node has no pushes. */
function browser(first: PushState) {
  let now = first;
  const become = (next: PushState) => Promise.resolve((now = next));
  const pushes: Pushes = {
    state: () => Promise.resolve(now),
    turnOn: () => become('on'),
    turnOff: async () => {
      await become('off');
      throw new Error('the server is not reached');
    },
    restore: () => Promise.resolve(now),
  };
  return pushes;
}

test('a component shows whether pushes are on, also after a change that failed', async () => {
  let view: PushesView | undefined;
  const pushes = browser('off');
  function Settings() {
    view = usePushes(pushes);
    return null;
  }
  const tree = create(h(StrictMode, null, h(Settings)));
  const shows = (state: PushState) => until(() => view?.state === state, `it shows ${state}`);
  await shows('off');
  await view?.turnOn();
  await shows('on');
  await expect(view?.turnOff()).rejects.toThrow('the server is not reached');
  await shows('off');
  act(() => tree.unmount());
});
