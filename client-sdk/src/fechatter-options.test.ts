import { expect, test } from 'vitest';
import { createFechatter } from './create-fechatter.ts';
import { FechatterOptionError, type FechatterOptions } from './fechatter-options.ts';

const urls = { serverUrl: 'http://127.0.0.1:6688', notifyUrl: 'http://127.0.0.1:6687/' };
const wrong: readonly (readonly [string, object, keyof FechatterOptions])[] = [
  ['nothing', {}, 'serverUrl'],
  ['no notifyUrl', { serverUrl: urls.serverUrl }, 'notifyUrl'],
  ['no URL', { ...urls, serverUrl: 'chat.example.com' }, 'serverUrl'],
  ['a path where there is no page', { ...urls, notifyUrl: '/notify' }, 'notifyUrl'],
  ['a WebSocket', { ...urls, notifyUrl: 'wss://chat.example.com' }, 'notifyUrl'],
  ['a query', { ...urls, notifyUrl: 'https://chat.example.com?x=1' }, 'notifyUrl'],
  ['no storage', { ...urls, storage: {} }, 'storage'],
  ['null for a storage', { ...urls, storage: null }, 'storage'],
  ['no fetch', { ...urls, fetch: 'fetch' }, 'fetch'],
  ['no time', { ...urls, timeoutMs: 0 }, 'timeoutMs'],
  ['endless time', { ...urls, inactivityMs: Number.POSITIVE_INFINITY }, 'inactivityMs'],
  ['half a backoff', { ...urls, backoff: { firstMs: 1 } }, 'backoff'],
  ['no callback', { ...urls, onError: true }, 'onError'],
];

test.each(wrong)('%s is refused with the name of the option', (_, options, option) => {
  expect(() => createFechatter(options as FechatterOptions)).toThrow(FechatterOptionError);
  expect(() => createFechatter(options as FechatterOptions)).toThrow(expect.objectContaining({ option }));
});

test('valid options are accepted, and missing ones are refused', () => {
  expect(createFechatter(urls).session).toBeNull();
  expect(() => (createFechatter as (options?: unknown) => unknown)()).toThrow(FechatterOptionError);
});
