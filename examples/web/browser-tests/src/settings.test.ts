import { createFechatter } from '@fechatter/client';
import { chromiumPath, launchChromium } from '@fechatter/testing/chromium';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BrowserPerson, open, PASSWORD, twoInChannel } from './browser-person.ts';
import { clippedIn } from './clipped-in.ts';
import { eventually } from './eventually.ts';
import { seriousIssues } from './serious-issues.ts';
import { type Services, startServices } from './services.ts';

describe.skipIf(chromiumPath === undefined)(
  'settings in Chromium, where one is installed',
  { timeout: 240_000 },
  () => {
    let services: Services;
    let browser: Browser;
    beforeAll(async () => {
      services = await startServices();
      browser = await launchChromium();
    }, 240_000);
    afterAll(async () => {
      await browser.close();
      await services[Symbol.asyncDispose]();
    });
    const clientOf = async ({ email }: BrowserPerson) => {
      const client = createFechatter(services);
      await client.auth.signin.mutate({ email, password: PASSWORD });
      return client;
    };
    const openAccount = async (person: BrowserPerson, name: string, summary: string) => {
      await person.button(`Account of ${name}`).click();
      await unfold(person.page, summary);
    };

    test('what others learn of a person is switched off and on, and its meaning is said', async () => {
      const [ada, bob] = await twoInChannel(browser, services.serverUrl);
      await using _ada = ada;
      await using _bob = bob;
      const client = await clientOf(bob);
      await openAccount(bob, 'Bob Bemer', 'Privacy');
      const presence = bob.page.getByRole('checkbox', { name: 'Show when I am here' });
      const receipts = bob.page.getByRole('checkbox', { name: 'Show what I have read' });
      await bob.page.getByText('you do not see it of others').waitFor();
      // It changes once the service knows.
      await presence.click();
      await eventually(async () => (await client.user.preferences.query()).showPresence).toBe(false);
      await receipts.click();
      await eventually(async () => (await client.user.preferences.query()).showReceipts).toBe(false);
      // Another window shows it too.
      await client.user.setPreferences.mutate({ showPresence: true });
      await eventually(() => presence.isChecked()).toBe(true);
      expect(await receipts.isChecked()).toBe(false);
      expect(await seriousIssues(bob.page)).toEqual([]);

      await bob.page.getByRole('checkbox', { name: 'Show when I am typing' }).uncheck();
      await bob.page.keyboard.press('Escape');
      const area = (person: BrowserPerson) => person.page.getByRole('textbox', { name: 'Message to general' });
      const calls: string[] = [];
      bob.page.on('request', (request) => calls.push(request.url()));
      await area(bob).pressSequentially('no one sees that');
      await area(bob).press('Enter');
      await ada.sees('no one sees that');
      expect(calls.filter((url) => url.includes('setTyping'))).toEqual([]);
      await openAccount(bob, 'Bob Bemer', 'Privacy');
      await bob.page.getByRole('checkbox', { name: 'Show when I am typing' }).check();
      await bob.page.keyboard.press('Escape');
      await area(bob).pressSequentially('everyone sees that');
      await ada.page.getByText('Bob Bemer is typing…').waitFor();
    });

    test('a person is blocked in the conversation with them, and unblocked in the settings', async () => {
      const [ada, bob] = await twoInChannel(browser, services.serverUrl);
      await using _ada = ada;
      await using _bob = bob;
      await ada.page.keyboard.press('Control+K');
      await ada.page.getByRole('combobox').fill('bob');
      await ada.page.getByRole('option', { name: 'Bob Bemer' }).click();
      await ada.page.getByRole('textbox', { name: 'Message to Bob Bemer' }).waitFor();
      await ada.button('Members').click();
      await unfold(ada.page, 'Block this person');
      await ada.button('Block this person').click();
      await ada.button('Block them?').click();
      await ada.page.getByText('You block this person').waitFor();
      await ada.page.keyboard.press('Escape');
      await bob.page.getByRole('link', { name: 'Ada Lovelace' }).click();
      await bob.page.getByRole('textbox', { name: 'Message to Ada Lovelace' }).fill('hello?');
      await bob.page.keyboard.press('Enter');
      await bob.page.getByText('Not sent').waitFor();
      await openAccount(ada, 'Ada Lovelace', 'Privacy');
      await unfold(ada.page, 'People whom you block');
      await ada.button('Unblock Bob Bemer').click();
      await ada.page.getByText('You block nobody.').waitFor();
      await bob.button('Try again').click();
      await bob.sees('hello?');
    });

    test('a device has a name, is signed out from another one, and all others at once', async () => {
      const [ada, bob] = await twoInChannel(browser, services.serverUrl);
      await using _ada = ada;
      await using _bob = bob;
      const elsewhere = async () => {
        const person = { ...(await open(browser, services.serverUrl)), email: ada.email };
        await person.button('Sign in instead').click();
        await person.field('E-mail').fill(ada.email);
        await person.field('Password').fill(PASSWORD);
        await person.button('Sign in').click();
        await person.button('Account of Ada Lovelace').waitFor();
        return person;
      };
      await using tablet = await elsewhere();
      await tablet.button('Account of Ada Lovelace').click();
      const own = tablet.page.getByRole('listitem').filter({ hasText: 'This device' });
      await own.getByRole('button', { name: 'Name this device' }).click();
      await tablet.field('Name of the device').fill('Tablet');
      await tablet.button('Save name').click();
      await own.getByText('Tablet').waitFor();
      for (const width of [320, 1_200]) {
        await tablet.page.setViewportSize({ width, height: 700 });
        expect(await clippedIn(tablet.page.getByRole('dialog'))).toEqual([]);
      }
      await using phone = await elsewhere();
      await ada.button('Account of Ada Lovelace').click();
      const row = ada.page.getByRole('listitem').filter({ hasText: 'Tablet' });
      await row.getByRole('button', { name: 'Sign out' }).click();
      await tablet.page.getByText('You were signed out on this device.').waitFor();
      await row.waitFor({ state: 'detached' });
      await ada.button('Sign out all others').click();
      await phone.page.getByText('You were signed out on this device.').waitFor();
      expect(await ada.page.getByRole('listitem').filter({ hasText: 'This device' }).count()).toBe(1);
    });

    test('a password is changed, and refused in words for people', async () => {
      const [ada, bob] = await twoInChannel(browser, services.serverUrl);
      await using _ada = ada;
      await using _bob = bob;
      await openAccount(ada, 'Ada Lovelace', 'Change the password');
      const change = async (current: string, next: string) => {
        const form = ada.page.locator('form', { has: ada.page.getByLabel('New password') });
        await form.getByLabel('Current password').fill(current);
        await form.getByLabel('New password').fill(next);
        await form.getByRole('button', { name: 'Change it' }).click();
      };
      await change('not my password', 'a good new password');
      await ada.page.getByRole('alert').getByText('The current password is wrong.').waitFor();
      await change(PASSWORD, 'a good new password');
      await ada.page.getByRole('dialog').waitFor({ state: 'detached' });
      const client = createFechatter(services);
      await client.auth.signin.mutate({ email: ada.email, password: 'a good new password' });
    });
  },
);

const unfold = (page: Page, summary: string) => page.locator('summary').getByText(summary, { exact: true }).click();
