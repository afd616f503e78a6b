import { createFechatter } from '@fechatter/client';
import { chromiumPath, launchChromium } from '@fechatter/testing/chromium';
import axe from 'axe-core';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SCENE_PASSWORD, type Scene, setScene } from './scene.ts';
import { type Services, startServices } from './services.ts';
import { visit, type VisitOptions } from './visit.ts';

/** More than a page of a list. */
const CHANNELS = 60;

describe.skipIf(chromiumPath === undefined)(
  'within reach in Chromium, where one is installed',
  { timeout: 60_000 },
  () => {
    let services: Services;
    let browser: Browser;
    let scene: Scene;
    beforeAll(async () => {
      services = await startServices();
      browser = await launchChromium();
      scene = await setScene(services);
    }, 120_000);
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
      expect(await seriousIssues(page), 'looking into a channel').toEqual([]);
      await page.getByRole('button', { name: 'Account of Maya Okafor' }).click();
      await page.locator('footer').getByRole('button', { name: 'Sign out', exact: true }).click();
      await page.getByText('You are signed out.').waitFor();
      expect(await seriousIssues(page), 'signing in').toEqual([]);
      await page.context().close();
    });

    test('on a small phone no dialog is wider than the screen', async () => {
      const page = await open({ viewport: { width: 320, height: 600 } });
      for (const [button, title] of dialogs.filter(([, place]) => place !== 'Members of general')) {
        const dialog = await openDialog(page, button, title);
        const wide = await dialog.evaluate((box) => [box.scrollWidth - box.clientWidth, box.clientWidth > innerWidth]);
        expect(wide, title).toEqual([0, false]);
        await page.keyboard.press('Escape');
      }
      await page.context().close();
    });

    test('the keyboard alone opens a conversation and writes', async () => {
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
      expect(await focused(page)).toBe('Workspace settings');
      await page.context().close();
    });

    test('a list goes on where its first page ends', async () => {
      const maya = createFechatter(services);
      await maya.auth.signin.mutate({ email: scene.email, password: SCENE_PASSWORD });
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
  ['Account of Maya Okafor', 'Your account'],
] as const;

/** Opens one, with all that unfolds in it. */
async function openDialog(page: Page, button: string, title: string): Promise<Locator> {
  await page.getByRole('button', { name: button, exact: true }).click();
  const dialog = page.getByRole('dialog', { name: title });
  await dialog.locator('li, label, button.primary').first().waitFor();
  for (const summary of await dialog.locator('summary').all()) await summary.click();
  return dialog;
}

const focused = (page: Page) => page.evaluate(() => document.activeElement?.getAttribute('aria-label'));

/** What axe holds for serious or critical. */
async function seriousIssues(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const { violations } = await (globalThis as unknown as { axe: typeof axe }).axe.run();
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  });
}
