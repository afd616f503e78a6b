import { createFechatter } from '@fechatter/client';
import { chromiumPath, launchChromium } from '@fechatter/testing/chromium';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { open, PASSWORD, twoInChannel } from './browser-person.ts';
import { type Services, startServices } from './services.ts';

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

    test('in a German browser nothing is English', async () => {
      const { serverUrl: address, notifyUrl } = services;
      const nora = createFechatter({ serverUrl: address, notifyUrl });
      await nora.auth.signup.mutate({
        email: `nora-${Date.now()}@example.com`,
        password: PASSWORD,
        fullName: 'Nora Weiß',
      });
      const { id: workspaceId } = await nora.workspace.create.mutate({ name: 'Werkstatt' });
      const chatType = 'PublicChannel';
      const chat = await nora.chat.create.mutate({ name: 'allgemein', chatType, workspaceId, memberIds: [] });
      await nora.message.send.mutate({ chatId: chat.id, content: 'Guten Morgen!' });

      const stranger = await open(browser, address, { locale: 'de-DE' });
      await stranger.button('Registrieren').waitFor();
      expect(await englishOn(stranger.page)).toEqual([]);
      await stranger.field('Name').fill('Nora');
      await stranger.field('E-Mail').fill('nora@example.com');
      await stranger.field('Passwort').fill('password');
      await stranger.button('Registrieren').click();
      await stranger.page.getByText('Dieses Passwort gehört zu den ersten').waitFor();
      await stranger.context.close();

      const localStorage = [{ name: 'fechatter.session', value: JSON.stringify(nora.session) }];
      const storageState = { cookies: [], origins: [{ origin: address, localStorage }] };
      const { page, context } = await open(browser, `${address}/#/${workspaceId}/${chat.id}`, {
        storageState,
        locale: 'de-DE',
      });
      await page.getByText('Guten Morgen!').first().waitFor();
      expect(await englishOn(page), 'the conversation').toEqual([]);
      for (const [button, title] of dialogs) {
        await page.getByRole('button', { name: button, exact: true }).click();
        const dialog = page.getByRole('dialog', { name: title });
        await dialog.waitFor();
        for (const summary of await dialog.locator('summary').all()) await summary.click();
        expect(await englishOn(page), title).toEqual([]);
        await page.keyboard.press('Escape');
        await dialog.waitFor({ state: 'detached' });
      }
      await context.close();
    });
  },
);

const dialogs = [
  ['Nachrichten suchen', 'Nachrichten suchen'],
  ['Personen', 'Personen in Werkstatt'],
  ['Personen einladen', 'Personen in Werkstatt einladen'],
  ['Workspace-Einstellungen', 'Einstellungen von Werkstatt'],
  ['Kanäle durchsuchen', 'Kanäle durchsuchen'],
  ['Neuer Kanal', 'Neuer Kanal'],
  ['Neue Direktnachricht', 'Neue Direktnachricht'],
  ['Angepinnte Nachrichten', 'Angepinnt in allgemein'],
  ['Dateien', 'Dateien in allgemein'],
  ['Mitglieder', 'Mitglieder von allgemein'],
  ['Konto von Nora Weiß', 'Dein Konto'],
] as const;

declare global {
  interface ImportMeta {
    /** Vite's: the modules at these paths. */
    glob(paths: string, options: { readonly eager: true }): Readonly<Record<string, { readonly texts: unknown }>>;
  }
}

const stringsIn = (value: unknown): readonly string[] =>
  typeof value === 'string'
    ? [value]
    : typeof value === 'object' && value !== null
      ? Object.values(value).flatMap(stringsIn)
      : [];
const german = new Set(stringsIn(import.meta.glob('../../src/*/texts.de.ts', { eager: true })));
const english = new Set(
  stringsIn(import.meta.glob('../../src/*/texts.ts', { eager: true })).filter((text) => !german.has(text)),
);

/** What is shown or spoken in English: texts, labels, titles and placeholders. */
async function englishOn(page: Page): Promise<readonly string[]> {
  const shown = await page.evaluate(() => [
    ...document.body.innerText.split('\n'),
    ...[...document.querySelectorAll('*')].flatMap((element) =>
      ['aria-label', 'title', 'placeholder'].map((name) => element.getAttribute(name) ?? ''),
    ),
  ]);
  return shown.map((text) => text.trim()).filter((text) => english.has(text));
}
