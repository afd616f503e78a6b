import { chromiumPath, launchChromium } from '@fechatter/testing/chromium';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BrowserPerson, openChat, twoInChannel } from './browser-person.ts';
import { seriousIssues } from './serious-issues.ts';
import { type Services, startServices } from './services.ts';

describe.skipIf(chromiumPath === undefined)(
  'typing, presence and receipts in Chromium, where one is installed',
  { timeout: 240_000 },
  () => {
    let services: Services;
    let browser: Browser;
    let ada: BrowserPerson;
    let bob: BrowserPerson;
    beforeAll(async () => {
      services = await startServices();
      browser = await launchChromium();
      [ada, bob] = await twoInChannel(browser, services.serverUrl);
    }, 240_000);
    afterAll(async () => {
      await browser.close();
      await services[Symbol.asyncDispose]();
    });

    test('a person who types is shown in the other window, until their message arrives', async () => {
      const area = ada.page.getByRole('textbox', { name: 'Message to general' });
      await area.pressSequentially('almost');
      await bob.page.getByText('Ada Lovelace is typing…').waitFor();
      await area.press('Enter');
      await bob.sees('almost');
      await bob.page.getByText('Ada Lovelace is typing…').waitFor({ state: 'detached' });
    });

    test('in a direct conversation the other person’s presence and status are shown', async () => {
      await ada.button('New direct message').click();
      await ada.page.getByRole('checkbox', { name: 'Bob Bemer' }).check();
      await ada.button('Begin').click();
      await ada.page.getByRole('textbox', { name: 'Message to Bob Bemer' }).waitFor();
      await bob.page.keyboard.press('Shift');
      await ada.page.getByRole('main').locator('.presence[data-presence="online"]').waitFor();
      await bob.button('Account of Bob Bemer').click();
      await bob.page.getByText('Status', { exact: true }).click();
      await bob.field('Emoji').fill('🌴');
      await bob.field('What others see beside your name').fill('On holiday');
      await bob.button('Set status').click();
      await ada.page.getByRole('heading', { name: /Bob Bemer 🌴 On holiday/ }).waitFor();
      expect(await seriousIssues(bob.page)).toEqual([]);
      await bob.page.keyboard.press('Escape');
      expect(await seriousIssues(ada.page)).toEqual([]);
    });

    test('who has read a message is shown to its sender', async () => {
      await ada.send('have you seen this?');
      await ada.sees('have you seen this?');
      await openChat(bob, 'Ada Lovelace');
      await bob.sees('have you seen this?');
      await bob.page.bringToFront();
      await bob.page.getByRole('link', { name: /Ada Lovelace.*unread/ }).waitFor({ state: 'detached' });
      const own = ada.page.locator('.message', { hasText: 'have you seen this?' });
      await own.hover();
      await own.getByRole('button', { name: 'More actions' }).click();
      await ada.page.getByRole('menuitem', { name: 'Who has read it' }).click();
      await ada.page.getByRole('dialog', { name: 'Who has read it' }).getByText('Bob Bemer').waitFor();
    });
  },
);
