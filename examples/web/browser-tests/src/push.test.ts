import { createFechatter } from '@fechatter/client';
import { openDatabase } from '@fechatter/drizzle';
import { chromiumPath, launchChromium } from '@fechatter/testing/chromium';
import { createECDH } from 'node:crypto';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SCENE_PASSWORD, type Scene, setScene } from './scene.ts';
import { type Services, startServices } from './services.ts';
import { visit } from './visit.ts';

const point = () => createECDH('prime256v1').generateKeys().toString('base64url');

describe.skipIf(chromiumPath === undefined)(
  'notifications in Chromium, where one is installed',
  { timeout: 240_000 },
  () => {
    let services: Services;
    let browser: Browser;
    let scene: Scene;
    beforeAll(async () => {
      services = await startServices();
      browser = await launchChromium();
      scene = await setScene(services);
      // As a worker publishes it.
      const db = openDatabase({ url: services.databaseUrl, applicationName: 'test' });
      await db.pool.query(`insert into push_kinds (kind, public_key) values ('WebPush', $1)`, [point()]);
      await db.close();
    }, 240_000);
    afterAll(async () => {
      await browser.close();
      await services[Symbol.asyncDispose]();
    });

    test('a person turns them on in their account, and a push is shown', async () => {
      const page = await visit(browser, services.serverUrl, scene, { permissions: ['notifications'] });
      await subscribeWithoutService(page);
      await page.getByRole('button', { name: /^Account of/ }).click();
      await page.getByText('Notifications', { exact: true }).click();
      await page.getByRole('button', { name: 'Notify me on this device' }).click();
      await page.getByText('You are notified on this device, also while this page is closed.').waitFor();

      const client = createFechatter(services);
      await client.auth.signin.mutate({ email: scene.email, password: SCENE_PASSWORD });
      expect(await client.push.subscriptions.query()).toMatchObject({
        subscriptions: [{ kind: 'WebPush', current: false, failure: null }],
      });

      const chatId = scene.chats.languages;
      await deliver(page.context(), page, { chat_id: chatId, message_id: 'm', mentioned: true, badge: 1 });
      await expect
        .poll(() => shown(page))
        .toEqual([{ title: 'New messages', body: 'You were mentioned.', tag: chatId }]);
      await deliver(page.context(), page, {
        chat_id: chatId,
        message_id: 'n',
        mentioned: false,
        badge: 1,
        title: 'Languages',
        body: 'Ada: hi',
      });
      await expect.poll(() => shown(page)).toEqual([{ title: 'Languages', body: 'Ada: hi', tag: chatId }]);

      await page.getByRole('button', { name: 'Do not notify me on this device' }).click();
      await page.getByText('While this page is closed you are not notified.').waitFor();
      expect(await client.push.subscriptions.query()).toEqual({ subscriptions: [] });
      await page.context().close();
    });
  },
);

/** A headless browser has no push service: what `subscribe()` would return is made here, everything else is real. */
async function subscribeWithoutService(page: Page): Promise<void> {
  await page.evaluate((p256dh) => {
    let known: object | null = null;
    const made = {
      endpoint: 'https://push.example.com/made-up',
      options: { applicationServerKey: null },
      toJSON: () => ({ endpoint: made.endpoint, keys: { p256dh, auth: 'A'.repeat(22) } }),
      unsubscribe: () => {
        known = null;
        return Promise.resolve(true);
      },
    };
    Object.assign(PushManager.prototype, {
      getSubscription: () => Promise.resolve(known),
      subscribe: () => Promise.resolve((known = made)),
    });
  }, point());
}

/** Delivers a push to the page's service worker, as the browser does with what it decrypted. */
async function deliver(context: BrowserContext, page: Page, content: object): Promise<void> {
  const devTools = await context.newCDPSession(page);
  const registered = new Promise<string>((resolve) =>
    devTools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const [first] = registrations;
      if (first !== undefined) resolve(first.registrationId);
    }),
  );
  await devTools.send('ServiceWorker.enable');
  await devTools.send('ServiceWorker.deliverPushMessage', {
    origin: new URL(page.url()).origin,
    registrationId: await registered,
    data: JSON.stringify(content),
  });
  await devTools.detach();
}

const shown = (page: Page) =>
  page.evaluate(async () => {
    const notifications = await (await navigator.serviceWorker.ready).getNotifications();
    return notifications.map(({ title, body, tag }) => ({ title, body, tag }));
  });
