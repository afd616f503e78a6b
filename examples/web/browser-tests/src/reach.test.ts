import { createFechatter, type FechatterClient } from '@fechatter/client';
import { chromiumPath, launchChromium } from '@fechatter/testing/chromium';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clippedIn } from './clipped-in.ts';
import { firstLoadOf } from './first-load.ts';
import { SCENE_PASSWORD, type Scene, setScene } from './scene.ts';
import { eventually } from './eventually.ts';
import { seriousIssues } from './serious-issues.ts';
import { type Services, startServices } from './services.ts';
import { visit, type VisitOptions } from './visit.ts';

/** In bytes, including headers. */
const FIRST_LOAD_MAX_BYTES = 130_000;
/** More than a page of a list. */
const CHANNELS = 60;

describe.skipIf(chromiumPath === undefined)(
  'accessibility and small screens in Chromium, where one is installed',
  { timeout: 240_000 },
  () => {
    let services: Services;
    let browser: Browser;
    let scene: Scene;
    let maya: FechatterClient;
    beforeAll(async () => {
      services = await startServices();
      browser = await launchChromium();
      scene = await setScene(services);
      maya = createFechatter(services);
      await maya.auth.signin.mutate({ email: scene.email, password: SCENE_PASSWORD });
    }, 240_000);
    afterAll(async () => {
      await browser.close();
      await services[Symbol.asyncDispose]();
    });
    const open = (options: VisitOptions = {}) => visit(browser, services.serverUrl, scene, options);

    test.each([{ width: 320 }, { width: 1_200 }, { width: 1_900 }])(
      'nothing is wider than a screen of $width',
      async ({ width }) => {
        const page = await open({ chat: 'languages', viewport: { width, height: 700 } });
        const widest = () =>
          page.evaluate(() =>
            [document.documentElement, document.querySelector('.scroller')].map(
              (box) => (box?.scrollWidth ?? 0) - (box?.clientWidth ?? 0),
            ),
          );
        expect(await widest()).toEqual([0, 0]);
        const hebrew = page.locator('.text', { hasText: 'שלום' });
        expect(await hebrew.evaluate((text) => getComputedStyle(text).unicodeBidi)).toBe('plaintext');
        await page.context().close();
      },
    );

    test.each(['light', 'dark'] as const)('axe finds no serious issue, %s', async (colorScheme) => {
      const page = await open({ chat: 'general', colorScheme });
      expect(await seriousIssues(page)).toEqual([]);
      for (const [button, title] of dialogs) {
        const dialog = await openDialog(page, button, title);
        expect(await seriousIssues(page), button).toEqual([]);
        await page.keyboard.press('Escape');
        await dialog.waitFor({ state: 'detached' });
      }
      const browse = await openDialog(page, 'Browse channels', 'Browse channels');
      await browse.getByRole('link', { name: '# corner' }).click();
      await page.getByText('Anybody here?').waitFor();
      expect(await seriousIssues(page), 'previewing a channel').toEqual([]);
      await page.getByRole('button', { name: 'Account of Maya Okafor' }).click();
      await page.locator('footer').getByRole('button', { name: 'Sign out', exact: true }).click();
      await page.getByText('You are signed out.').waitFor();
      expect(await seriousIssues(page), 'signing in').toEqual([]);
      await page.context().close();
    });

    test.each([320, 375])('every button and choice of a dialog fits a screen of %i', async (width) => {
      await maya.workspace.invite.mutate({
        workspaceId: scene.workspaceId,
        role: 'Admin',
        email: `${'long'.repeat(12)}@example.com`,
      });
      const page = await open({ chat: 'general', viewport: { width, height: 600 } });
      const clipped: string[] = [];
      for (const [button, title] of dialogs) {
        if (title === 'Members of general') await page.getByRole('link', { name: 'general' }).click();
        else if (title === 'People in Northwind') await page.getByRole('link', { name: 'All conversations' }).click();
        else if (title === 'Your account') await page.getByRole('link', { name: 'All conversations' }).click();
        const dialog = await openDialog(page, button, title);
        for (const sure of await dialog.getByRole('button', { name: /^(Remove|Revoke|Leave|Delete)/ }).all()) {
          await sure.click();
          clipped.push(...(await clippedIn(dialog)));
        }
        clipped.push(...(await clippedIn(dialog)));
        const wide = await dialog.evaluate((box) => [box.scrollWidth - box.clientWidth, box.clientWidth > innerWidth]);
        expect(wide, title).toEqual([0, false]);
        await page.keyboard.press('Escape');
        await dialog.waitFor({ state: 'detached' });
      }
      expect(clipped).toEqual([]);
      await page.context().close();
    });

    test('where the system chooses the colours, the current conversation still differs', async () => {
      const page = await open({ chat: 'general', forcedColors: 'active' });
      const looks = (name: string) =>
        page
          .getByRole('navigation', { name: 'Conversations' })
          .getByRole('link', { name })
          .evaluate((link) => {
            const { outlineStyle, outlineWidth } = getComputedStyle(link);
            return `${outlineStyle} ${outlineWidth}`;
          });
      expect(await looks('general')).toBe('solid 3px');
      expect(await looks('languages')).not.toBe('solid 3px');
      await page.context().close();
    });

    test('saving, cancelling and deleting keep the focus in place', async () => {
      const page = await open({ chat: 'general' });
      const area = page.getByRole('textbox', { name: 'Message to general' });
      for (const content of ['first of three', 'second of three', 'third of three']) {
        await area.fill(content);
        await area.press('Enter');
        await page.locator('.message[data-state="sent"]', { hasText: content }).waitFor();
      }
      const edit = page
        .locator('.message', { hasText: 'second of three' })
        .getByRole('button', { name: 'Edit message' });
      for (const end of ['Escape', 'Enter']) {
        await edit.focus();
        await page.keyboard.press('Enter');
        await page.getByRole('textbox', { name: 'Edit message' }).waitFor();
        await page.keyboard.press(end);
        await edit.waitFor();
        await eventually(() => focused(page)).toBe('Edit message');
      }
      const more = page
        .locator('.message', { hasText: 'first of three' })
        .getByRole('button', { name: 'More actions' });
      await more.focus();
      await page.keyboard.press('Enter');
      await page.getByRole('menu', { name: 'More actions' }).waitFor();
      for (const key of ['End', 'Enter', 'Enter']) await page.keyboard.press(key);
      await more.waitFor({ state: 'detached' });
      await eventually(() => page.evaluate(() => document.activeElement?.closest('.message')?.textContent)).toContain(
        'second of three',
      );
      await page.context().close();
    });

    test('a group needs a member, and an unknown address shows a message', async () => {
      const page = await open({ chat: 'general' });
      const dialog = await openDialog(page, 'New direct message', 'New direct message');
      await dialog.getByRole('button', { name: 'Begin' }).click();
      await dialog.getByText('Choose at least one person.').waitFor();
      await page.keyboard.press('Escape');
      await page.evaluate(() => void (location.hash = `${location.hash.split('/').slice(0, 2).join('/')}/no-id`));
      await page.getByText('This does not exist, or you may not see it.').waitFor();
      expect(await page.getByText('UUID').count()).toBe(0);
      await page.context().close();
    });

    test('what cannot be loaded says so, and the page is loaded again once the network is there', async () => {
      const page = await open({ chat: 'general' });
      await page.getByRole('textbox', { name: 'Message to general' }).fill('not sent yet');
      await page.context().setOffline(true);
      await page.getByRole('button', { name: 'People', exact: true }).click();
      await page.getByText('This part of the page could not be loaded.').waitFor();
      await page.getByRole('button', { name: 'Load the page again' }).click();
      await page.getByText('The service cannot be reached at the moment.').waitFor();
      await page.context().setOffline(false);
      await page.getByRole('button', { name: 'Load the page again' }).click();
      await page.getByText('The service cannot be reached at the moment.').waitFor({ state: 'detached' });
      await openDialog(page, 'People', 'People in Northwind');
      const area = page.getByRole('textbox', { name: 'Message to general', includeHidden: true });
      await eventually(() => area.inputValue()).toBe('not sent yet');
      await page.context().close();
    });

    test('the first load stays small', async () => {
      const { bytes } = await firstLoadOf(browser, services.serverUrl);
      expect(bytes).toBeLessThan(FIRST_LOAD_MAX_BYTES);
    });

    test('the keyboard alone is enough to open a conversation and write', async () => {
      const page = await open();
      await page.getByRole('link', { name: 'languages' }).focus();
      await page.keyboard.press('Enter');
      await page.getByRole('textbox', { name: 'Message to languages' }).waitFor();
      await page.keyboard.type('by keyboard');
      await page.keyboard.press('Enter');
      await page.locator('.message[data-state="sent"]', { hasText: 'by keyboard' }).waitFor();
      await page.keyboard.press('Shift+Tab');
      await page.keyboard.press('Shift+Tab');
      expect(await focused(page)).toBe('Edit message');
      await page.getByRole('button', { name: 'Workspace settings' }).focus();
      await page.keyboard.press('Enter');
      await page.getByRole('dialog', { name: 'Settings of Northwind' }).waitFor();
      await page.keyboard.press('Escape');
      await eventually(() => focused(page)).toBe('Workspace settings');
      await page.context().close();
    });

    test('a list loads the page after its first one', async () => {
      const chatType = 'PublicChannel';
      for (let index = 100; index < 100 + CHANNELS; index += 1)
        await maya.chat.create.mutate({
          name: `room ${index}`,
          chatType,
          workspaceId: scene.workspaceId,
          memberIds: [],
        });
      const page = await open();
      const dialog = await openDialog(page, 'Browse channels', 'Browse channels');
      await dialog.getByRole('button', { name: 'Show more' }).scrollIntoViewIfNeeded();
      await dialog.getByRole('link', { name: `room ${99 + CHANNELS}` }).waitFor();
      await page.context().close();
    });
  },
);

/** Every dialog that has a button, and its title. */
const dialogs = [
  ['People', 'People in Northwind'],
  ['Invite people', 'Invite people to Northwind'],
  ['Workspace settings', 'Settings of Northwind'],
  ['Browse channels', 'Browse channels'],
  ['New channel', 'New channel'],
  ['New direct message', 'New direct message'],
  ['Members', 'Members of general'],
  ['Files', 'Files in general'],
  ['Account of Maya Okafor', 'Your account'],
] as const;

/** Opens one, with everything in it unfolded. */
async function openDialog(page: Page, button: string, title: string): Promise<Locator> {
  await page.getByRole('button', { name: button, exact: true }).click();
  const dialog = page.getByRole('dialog', { name: title });
  await dialog.locator('li, label, button.primary').first().waitFor();
  for (const summary of await dialog.locator('summary').all()) await summary.click();
  return dialog;
}

const focused = (page: Page) => page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
