import { silentLog, testConfig } from '@fechatter/service-kit/testing';
import { chromiumPath, launchChromium } from '@fechatter/testing/chromium';
import { startWorker } from '@fechatter/worker';
import { hookReceiver, verified } from '@fechatter/worker/testing';
import type { Browser, Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BrowserPerson, twoInChannel } from './browser-person.ts';
import { clippedIn } from './clipped-in.ts';
import { seriousIssues } from './serious-issues.ts';
import { type Services, startServices } from './services.ts';

describe.skipIf(chromiumPath === undefined)(
  'bots and webhooks in Chromium, where one is installed',
  { timeout: 240_000 },
  () => {
    let services: Services;
    let worker: Awaited<ReturnType<typeof startWorker>>;
    let browser: Browser;
    beforeAll(async () => {
      services = await startServices();
      const config = testConfig('worker', {
        FECHATTER_DATABASE_URL: services.databaseUrl,
        FECHATTER_OUTBOUND_ALLOW: '127.0.0.0/8',
        FECHATTER_SEARCH_ENABLED: 'false',
      });
      worker = await startWorker(config, { log: silentLog(), jobs: [] });
      browser = await launchChromium();
    });
    afterAll(async () => {
      await browser.close();
      await worker.close();
      await services[Symbol.asyncDispose]();
    });

    const api = (path: string, key: string, init: RequestInit = {}) =>
      fetch(`${services.serverUrl}/api${path}`, {
        ...init,
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      });

    test('an Admin makes a bot, gives it another key, and deletes it; the other Admin sees that live', async () => {
      const [ada, bob] = await twoAdmins(browser, services);
      await using _ada = ada;
      await using _bob = bob;
      await openBots(ada);
      await openBots(bob);
      await unfold(ada, 'New bot');
      await ada.field('Name of the bot').fill('Echo');
      await ada.page.getByRole('checkbox', { name: 'Read everything' }).uncheck();
      await ada.button('Create bot').click();
      await ada.page.getByRole('alert').getByText('Choose at least one thing').waitFor();
      await ada.page.getByRole('checkbox', { name: 'Read everything' }).check();
      await ada.page.getByRole('checkbox', { name: 'Send messages' }).check();
      await ada.button('Create bot').click();
      const key = await shownOnce(ada, /^Key of Echo/);
      expect(await (await api('/users/me', key)).json()).toMatchObject({ full_name: 'Echo' });
      await unfold(bob, 'Echo');

      await ada.button('Close').click();
      await ada.button('Members').click();
      await ada.page.getByText('Add people', { exact: true }).click();
      await ada.page.getByRole('checkbox', { name: 'Echo' }).check();
      await ada.button('Add').click();
      await ada.page.getByRole('listitem').filter({ hasText: 'Echo bot' }).waitFor();
      const { chats } = (await (await api('/chats', key)).json()) as { chats: { id: string }[] };
      const sent = await api(`/chats/${chats[0]?.id}/messages`, key, { method: 'POST', body: '{"content":"beep"}' });
      expect(sent.status).toBe(201);
      await ada.sees('beep');

      await bob.button('Replace the key').click();
      await bob.button('The old key ends. Sure?').click();
      const next = await shownOnce(bob, /^New key of Echo/);
      await expect.poll(async () => (await api('/users/me', key)).status).toBe(401);
      expect((await api('/users/me', next)).status).toBe(200);

      await ada.button('Close').click();
      await openBots(ada);
      await unfold(ada, 'Echo');
      await ada.button('Delete the bot').click();
      await ada.button('Delete Echo?').click();
      await bob.page.getByText('There is none yet.').waitFor();
      await expect.poll(async () => (await api('/users/me', next)).status).toBe(401);
      expect(ada.complaints).toEqual([]);
    });

    test('a webhook of a bot is tested, fails, is switched off and on, and sends again', async () => {
      await using receiver = await hookReceiver();
      const [ada, bob] = await twoInChannel(browser, services.serverUrl);
      await using _ada = ada;
      await using _bob = bob;
      await openBots(ada);
      await makeBot(ada, 'Hook');
      await unfold(ada, 'Hook');
      await unfold(ada, 'Webhooks');
      await unfold(ada, 'New webhook');
      await ada.field('Address').fill('ftp://example.com/');
      await ada.button('Create webhook').click();
      await ada.page.getByRole('alert').getByText('The address is not valid').waitFor();
      await ada.field('Address').fill(receiver.url);
      await ada.button('Create webhook').click();
      const secret = await shownOnce(ada, /^Secret of the webhook/);
      await unfold(ada, receiver.url);
      await ada.button('Send a test').click();
      await receiver.has(1);
      expect(verified(secret, receiver.hooks[0] ?? fail())).toMatchObject({ type: 'webhook.test' });
      await unfold(ada, 'Deliveries');
      await delivery(ada).getByText('Delivered').waitFor();

      receiver.settings.respond = (response) => response.writeHead(400).end();
      await ada.button('Send a test').click();
      // It shows what became of it, without a click.
      await delivery(ada).first().getByText('Failed, tried once: the receiver responded with 400').waitFor();
      await ada.field('Show').selectOption('Delivered');
      await expect.poll(() => delivery(ada).count()).toBe(1);
      await ada.field('Show').selectOption('Failed');
      await expect.poll(() => delivery(ada).count()).toBe(1);
      receiver.settings.respond = (response) => response.writeHead(204).end();
      await ada.button('Send again').click();
      await receiver.has(3);
      await ada.page.getByText('There is none.', { exact: true }).waitFor();

      await ada.button('Switch off').click();
      await ada.page.getByText('It is off: nothing is sent or kept.').waitFor();
      await ada.button('Send a test').click();
      await ada.page.getByRole('alert').getByText('This webhook is switched off. Switch it on first.').waitFor();
      await ada.button('Switch on').click();
      await ada.page.getByText('It is on.').waitFor();
      await ada.button('Replace the secret').click();
      await ada.button('Make a new secret?').click();
      expect(await shownOnce(ada, /^New secret of the webhook/)).not.toBe(secret);
      await ada.button('Delete the webhook').click();
      await ada.button('Delete this webhook?').click();
      await ada.page.getByText(receiver.url, { exact: true }).waitFor({ state: 'detached' });
    });

    test('an address lets a program post, both see it at once, and it ends when it is deleted', async () => {
      const [ada, bob] = await twoAdmins(browser, services);
      await using _ada = ada;
      await using _bob = bob;
      for (const person of [ada, bob]) {
        await person.button('Members').click();
        await unfold(person, 'Incoming webhooks');
      }
      await ada.field('Name under which it posts').fill('Deploys');
      await ada.button('Create address').click();
      const url = await shownOnce(ada, /^Address of the webhook/);
      await webhook(bob, 'Deploys').waitFor();
      const post = () =>
        fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"text":"7 is out"}' });
      expect(await (await post()).text()).toBe('ok');
      for (const person of [ada, bob]) await person.sees('7 is out');
      await webhook(bob, 'Deploys').getByRole('button').click();
      await webhook(bob, 'Deploys').getByRole('button', { name: 'Delete it?' }).click();
      await webhook(ada, 'Deploys').waitFor({ state: 'detached' });
      expect(await (await post()).text()).toBe('no_service');

      for (let index = 0; index <= 10; index += 1) {
        await ada.field('Name under which it posts').fill(`Number ${index}`);
        await ada.button('Create address').click();
        if (index < 10) await webhook(ada, `Number ${index}`).waitFor();
      }
      await ada.page.getByRole('alert').getByText('The limit for these is reached').waitFor();
    });

    test('Members have neither', async () => {
      const [ada, bob] = await twoInChannel(browser, services.serverUrl);
      await using _ada = ada;
      await using _bob = bob;
      expect(await bob.button('Workspace settings').count()).toBe(0);
      await bob.button('Members').click();
      await bob.page.getByText('Notifications', { exact: true }).waitFor();
      expect(await bob.page.getByText('Incoming webhooks', { exact: true }).count()).toBe(0);
    });

    test.each([320, 1_200])('axe finds no serious issue in them, and they fit a screen of %i', async (width) => {
      await using receiver = await hookReceiver();
      const [ada, bob] = await twoInChannel(browser, services.serverUrl);
      await using _ada = ada;
      await using _bob = bob;
      await ada.page.setViewportSize({ width, height: 700 });
      await ada.button('Members').click();
      await unfold(ada, 'Incoming webhooks');
      await ada.field('Name under which it posts').fill('Deploys');
      await ada.button('Create address').click();
      await shownOnce(ada, /^Address of the webhook/);
      await looksRight(ada);
      await ada.page.keyboard.press('Escape');
      // On a small screen the list of conversations is a page of its own.
      await ada.page.goto(`${services.serverUrl}/#/`);
      await openBots(ada);
      await makeBot(ada, 'Hook');
      await unfold(ada, 'Hook');
      await unfold(ada, 'Name and rights');
      await unfold(ada, 'Webhooks');
      await unfold(ada, 'New webhook');
      await ada.field('Address').fill(`${receiver.url}/${'long'.repeat(30)}`);
      await ada.button('Create webhook').click();
      await shownOnce(ada, /^Secret of the webhook/);
      await unfold(ada, `${receiver.url}/${'long'.repeat(30)}`);
      await unfold(ada, 'Address and kinds');
      await unfold(ada, 'Deliveries');
      await ada.button('Send a test').click();
      await delivery(ada).getByText('Delivered').waitFor();
      await looksRight(ada);
    });
  },
);

const fail = (): never => {
  throw new Error('nothing arrived');
};

/** Ada, who owns the workspace and its channel, and Bob, whom she made an Admin of both. */
async function twoAdmins(browser: Browser, services: Services): Promise<readonly [BrowserPerson, BrowserPerson]> {
  const [ada, bob] = await twoInChannel(browser, services.serverUrl);
  await ada.button('People').click();
  await ada.page.getByLabel('Role of Bob Bemer').selectOption('Admin');
  await bob.button('Workspace settings').waitFor();
  await ada.page.keyboard.press('Escape');
  await ada.button('Members').click();
  await ada.page.getByLabel('Role of Bob Bemer').selectOption('Admin');
  await bob.button('Members').click();
  await bob.page.getByText('Add people', { exact: true }).waitFor();
  for (const { page } of [ada, bob]) await page.keyboard.press('Escape');
  return [ada, bob];
}

async function openBots(person: BrowserPerson): Promise<void> {
  await person.button('Workspace settings').click();
  await unfold(person, 'Bots');
}

async function makeBot(person: BrowserPerson, name: string): Promise<void> {
  await unfold(person, 'New bot');
  await person.field('Name of the bot').fill(name);
  await person.button('Create bot').click();
  await shownOnce(person, new RegExp(`^Key of ${name}`));
  // Its form has the same labels as that of a bot.
  await unfold(person, 'New bot');
}

const unfold = ({ page }: BrowserPerson, summary: string) =>
  page.locator('summary').getByText(summary, { exact: true }).click();

const shownOnce = ({ page }: BrowserPerson, label: RegExp) => page.getByRole('textbox', { name: label }).inputValue();

const rows = ({ page }: BrowserPerson): Locator => page.getByRole('dialog').locator('.rows > li');
const delivery = (person: BrowserPerson) => rows(person).filter({ hasText: 'A test' });
const webhook = (person: BrowserPerson, name: string) =>
  rows(person).filter({ hasText: name }).filter({ hasText: 'Since' });

async function looksRight(person: BrowserPerson): Promise<void> {
  const dialog = person.page.getByRole('dialog');
  expect(await seriousIssues(person.page)).toEqual([]);
  expect(await clippedIn(dialog)).toEqual([]);
  expect(await dialog.evaluate((box) => box.scrollWidth - box.clientWidth)).toBe(0);
}
