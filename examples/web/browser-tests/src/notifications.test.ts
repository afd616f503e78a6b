import { chromiumPath, launchChromium } from '@fechatter/testing/chromium';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { twoInChannel } from './browser-person.ts';
import { clippedIn } from './clipped-in.ts';
import { seriousIssues } from './serious-issues.ts';
import { type Services, startServices } from './services.ts';

describe.skipIf(chromiumPath === undefined)(
  'what notifies a person, in Chromium, where one is installed',
  { timeout: 240_000 },
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

    /** Ada in two windows of her browser. */
    async function twoWindows() {
      const [ada, bob] = await twoInChannel(browser, services.serverUrl);
      const page = await ada.context.newPage();
      page.setDefaultTimeout(45_000);
      await page.goto(ada.page.url());
      await page.getByRole('textbox', { name: 'Message to general' }).waitFor();
      return { ada, bob, windows: [ada.page, page] as const };
    }
    const unfold = (page: Page, summary: string) => page.locator('summary').getByText(summary, { exact: true }).click();

    test('quiet hours and previews are set in one window, and shown in the other', async () => {
      const { ada, bob, windows } = await twoWindows();
      await using _ada = ada;
      await using _bob = bob;
      const [first, second] = windows;
      // On a small screen the list of conversations is a page of its own.
      await second.goto(`${services.serverUrl}/#/`);
      for (const page of windows) {
        await page.getByRole('button', { name: 'Account of Ada Lovelace' }).click();
        await unfold(page, 'Notifications');
        await unfold(page, 'Quiet hours');
        await unfold(page, 'Devices that are notified');
        await page.getByText('You have none.').waitFor();
      }
      await first.getByRole('checkbox', { name: 'Notifications show what was written' }).click();
      await expect
        .poll(() => second.getByRole('checkbox', { name: 'Notifications show what was written' }).isChecked())
        .toBe(true);
      await first.getByLabel('From', { exact: true }).fill('21:30');
      await first.getByLabel('Time zone').fill('Nowhere/At all');
      await first.getByRole('button', { name: 'Keep these hours quiet' }).click();
      await first.getByRole('alert').getByText('The time zone').waitFor();
      await first.getByLabel('Time zone').fill('Europe/Berlin');
      for (const day of ['Saturday', 'Sunday']) await first.getByRole('checkbox', { name: day }).uncheck();
      await first.getByRole('button', { name: 'Keep these hours quiet' }).click();
      await second.getByText('Nothing is pushed from 21:30 to 07:00 (Europe/Berlin).').waitFor();
      expect(await second.getByRole('checkbox', { name: 'Sunday' }).isChecked()).toBe(false);
      for (const width of [320, 1_200]) {
        await second.setViewportSize({ width, height: 700 });
        expect(await seriousIssues(second)).toEqual([]);
        expect(await clippedIn(second.getByRole('dialog'))).toEqual([]);
      }
      await second.getByRole('button', { name: 'End the quiet hours' }).click();
      await first.getByText('You have none.').waitFor();
    });

    test('a level and a mute of a conversation are set in one window, and shown in the other', async () => {
      const { ada, bob, windows } = await twoWindows();
      await using _ada = ada;
      await using _bob = bob;
      const [first, second] = windows;
      for (const page of windows) {
        await page.getByRole('button', { name: 'Members', exact: true }).click();
        await unfold(page, 'Notifications');
      }
      const level = (page: Page) => page.getByLabel('What notifies you');
      expect(await level(second).inputValue()).toBe('default');
      await level(first).selectOption('Nothing');
      await expect.poll(() => level(second).inputValue()).toBe('Nothing');
      await level(second).selectOption('As usual: mentions');
      await expect.poll(() => level(first).inputValue()).toBe('default');
      await first.getByRole('button', { name: '8 hours' }).click();
      await second.getByText(/^Muted until/).waitFor();
      expect(await seriousIssues(second)).toEqual([]);
      await second.getByRole('button', { name: 'Unmute' }).click();
      await first.getByRole('group', { name: 'Mute for' }).waitFor();
    });
  },
);
