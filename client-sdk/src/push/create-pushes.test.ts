import { expect, test } from 'vitest';
import { createFechatter } from '../create-fechatter.ts';
import { memoryStorage } from '../session/session-storage.ts';
import { createPushes } from './create-pushes.ts';

/** The part of a browser that `turnOff` uses; Node has none. */
function browserWith(unsubscribe: () => Promise<boolean>) {
  const pushManager = { getSubscription: () => Promise.resolve({ unsubscribe }) };
  return () => Promise.resolve({ pushManager } as unknown as ServiceWorkerRegistration);
}

async function turnOffOffline(unsubscribe: () => Promise<boolean>) {
  const kept = new Map<string, string | null>([['fechatter.push', 'somebody']]);
  const items = {
    names: () => [...kept.keys()],
    get: (key: string) => Promise.resolve(kept.get(key) ?? null),
    set: (key: string, value: string | null) => Promise.resolve(void kept.set(key, value)),
  };
  const storage = { ...memoryStorage(), items };
  const nowhere = 'http://127.0.0.1:9';
  const client = createFechatter({ serverUrl: nowhere, notifyUrl: nowhere, storage });
  await expect(createPushes(client, browserWith(unsubscribe)).turnOff()).rejects.toThrow();
  return items.get('fechatter.push');
}

test('without a network pushes are turned off in the browser, and stay off at the next start', async () => {
  let isSubscribed = true;
  const kept = await turnOffOffline(async () => !(isSubscribed = false));
  expect([isSubscribed, kept]).toEqual([false, null]);
});

test('while the browser cannot unsubscribe, pushes stay on', async () => {
  expect(await turnOffOffline(() => Promise.reject(new Error('no')))).toBe('somebody');
});
