import { chromiumPath, launchChromium } from '@fechatter/testing/chromium';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openPanel } from './panel-tab.ts';
import { type Services, startServices } from './services.ts';

describe.skipIf(chromiumPath === undefined)(
  'bots and webhooks in the panel in Chromium, where one is installed',
  () => {
    let services: Services;
    let browser: Browser;
    beforeAll(async () => {
      services = await startServices();
      browser = await launchChromium();
    });
    afterAll(async () => {
      await browser.close();
      await services[Symbol.asyncDispose]();
    });

    test('each call fills in the ids that the calls before it returned', async () => {
      await using tab = await openPanel(browser, services.serverUrl);
      await tab.signUp();
      const call = async (procedure: string, fields: Readonly<Record<string, string>> = {}, lists: string[] = []) => {
        await tab.open(procedure);
        for (const list of lists) await tab.button(`Add to ${list}`).click();
        for (const [name, value] of Object.entries(fields)) await tab.field(name).fill(value);
        expect(await tab.call(), procedure).toMatch(/^20\d /);
      };
      await call('workspace.create', { name: 'Engine' });
      await call('bot.create', { name: 'Hook' }, ['scopes']);
      const { bot } = (await tab.result()) as { bot: { id: string } };
      await tab.open('chat.create');
      await tab.field('name').fill('Looms');
      await tab.field('chatType').selectOption('Group');
      expect(await tab.call()).toBe('200 OK');
      // The bot is the person who was seen last.
      await call('chat.addMembers', {}, ['userIds']);
      await tab.open('chat.members');
      expect(await tab.call()).toBe('200 OK');
      expect(JSON.stringify(await tab.result())).toContain(bot.id);
      await call('webhook.create', { url: 'https://hooks.example.com/x' }, ['kinds']);
      await call('webhook.test');
      await call('webhook.deliveries');
      expect(await tab.result()).toMatchObject({ deliveries: [{ kind: 'webhook.test', state: 'Waiting' }] });
      await call('webhook.redeliver');
      await call('incomingWebhook.create', { name: 'Deploys' });
      await call('incomingWebhook.delete');
      await call('bot.delete');
    });
  },
);
