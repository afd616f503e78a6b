import { createFechatter } from '@fechatter/client';
import { silentLog, testConfig } from '@fechatter/service-kit/testing';
import { chromiumPath, launchChromium } from '@fechatter/testing/chromium';
import { until } from '@fechatter/testing/until';
import { startWorker } from '@fechatter/worker';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PASSWORD, twoInChannel } from './browser-person.ts';
import { eventually } from './eventually.ts';
import { type Services, startServices } from './services.ts';

const LINES = 150;

describe.skipIf(chromiumPath === undefined)(
  'searching in Chromium, where one is installed',
  { timeout: 240_000 },
  () => {
    let services: Services;
    let browser: Browser;
    let worker: Awaited<ReturnType<typeof startWorker>>;
    beforeAll(async () => {
      services = await startServices({ FECHATTER_LIMITS_SENDS_PER_MINUTE: '0' });
      const env = { FECHATTER_DATABASE_URL: services.databaseUrl, FECHATTER_DATABASE_MIGRATE: 'false' };
      worker = await startWorker(testConfig('worker', env), { log: silentLog(), jobs: [] });
      browser = await launchChromium();
    });
    afterAll(async () => {
      await browser.close();
      await worker.close();
      await services[Symbol.asyncDispose]();
    });

    test('an old message is found with its matches marked, and opens by one click', async () => {
      const [ada, bob] = await twoInChannel(browser, services.serverUrl);
      await using _ada = ada;
      await using _bob = bob;
      const client = createFechatter({ serverUrl: services.serverUrl, notifyUrl: services.notifyUrl });
      await client.auth.signin.mutate({ email: bob.email, password: PASSWORD });
      const { chats } = await client.chat.list.query();
      const chat = chats.find(({ name }) => name === 'general');
      if (chat === undefined) throw new Error('there is no channel');
      const { id: chatId, workspaceId } = chat;
      await client.message.send.mutate({ chatId, content: 'The Crème Brûlée is at https://kitchen.example' });
      for (let n = 0; n < LINES; n++) await client.message.send.mutate({ chatId, content: `line ${n}` });
      await client.message.send.mutate({ chatId, content: 'more creme tomorrow' });
      const found = async () => (await client.message.search.query({ workspaceId, query: 'creme' })).hits.length === 2;
      await until(found, 'both are in the index');

      await ada.button('Search messages').click();
      await ada.field('Search for').fill('creme');
      const hits = ada.page.getByRole('list', { name: 'Messages that were found' }).getByRole('listitem');
      await eventually(() => hits.count()).toBe(2);
      await eventually(async () => (await ada.page.locator('.hit mark').allInnerTexts()).join(' ')).toBe('creme Crème');
      await ada.page.getByText('2 found, newest first.').waitFor();
      await ada.page.getByText('Filters').click();
      await ada.page.getByLabel('With a link').check();
      await eventually(() => hits.count()).toBe(1);
      await hits.getByRole('button').click();
      const line = ada.page.locator('.line[data-found="true"]');
      await line.getByText('The Crème Brûlée').waitFor();
      await eventually(() =>
        line.evaluate((element) => {
          const { top, bottom } = element.getBoundingClientRect();
          return top >= 0 && bottom <= innerHeight;
        }),
      ).toBe(true);

      await ada.button('Search messages').click();
      await ada.field('Search for').fill('the and of');
      await ada.page.getByText('These words are in nearly every message').waitFor();
      await ada.field('Search for').fill('quetzalcoatlus');
      await ada.page.getByText('Nothing was found.').waitFor();
      expect([...ada.complaints].filter((text) => !text.includes('400'))).toEqual([]);
    });
  },
);
