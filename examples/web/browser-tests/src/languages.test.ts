import { chromiumPath, launchChromium } from '@fechatter/testing/chromium';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Services, startServices } from './services.ts';
import { twoInChannel } from './browser-person.ts';

describe.skipIf(chromiumPath === undefined)(
  'the languages of the page in Chromium, where one is installed',
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

    test('the language is chosen for the device, and unsent text is kept over that', async () => {
      const [ada, bob] = await twoInChannel(browser, services.serverUrl);
      await ada.page.getByRole('textbox', { name: 'Message to general' }).fill('not sent yet');
      await ada.button('Account of Ada Lovelace').click();
      await ada.page.getByText('Appearance', { exact: true }).click();
      await ada.field('Language on this device').selectOption('Deutsch');
      await ada.button('Angepinnte Nachrichten').waitFor();
      expect(await ada.page.locator('html').getAttribute('lang')).toBe('de');
      expect(await ada.page.locator('.composer textarea').inputValue()).toBe('not sent yet');
      expect([ada.complaints, bob.complaints]).toEqual([[], []]);
      await Promise.all([ada.context.close(), bob.context.close()]);
    });
  },
);
