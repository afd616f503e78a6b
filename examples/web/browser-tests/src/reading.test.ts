import { createFechatter } from '@fechatter/client';
import axe from 'axe-core';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumPath, launchChromium } from './chromium.ts';
import { frameCostsOf, quantilesOf } from './frame-costs.ts';
import { glide, jumpsBetween, look } from './glide.ts';
import { SCENE_PASSWORD, type Scene, setScene } from './scene.ts';
import { type Services, startServices } from './services.ts';
import { visit, type VisitOptions } from './visit.ts';

const LINES = 2_000;
/** More than a page of a list. */
const CHANNELS = 60;

describe.skipIf(chromiumPath === undefined)('reading in Chromium, where one is installed', { timeout: 60_000 }, () => {
  let services: Services;
  let browser: Browser;
  let scene: Scene;
  beforeAll(async () => {
    services = await startServices();
    browser = await launchChromium();
    scene = await setScene(services, LINES);
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await services[Symbol.asyncDispose]();
  });
  const open = (options: VisitOptions = {}) => visit(browser, services.serverUrl, scene, options);

  test('a long channel scrolls to its beginning and back without a jump', { timeout: 120_000 }, async () => {
    const page = await open({ chat: 'long' });
    await page.locator('.message').first().waitFor();
    const all = Array.from({ length: LINES }, (_, index) => index + 1);
    for (const pixels of [-500, 500]) {
      const { jumps, seen } = await glide(page, pixels);
      expect(jumps).toEqual([]);
      expect([...seen].toSorted((a, b) => a - b)).toEqual(all);
    }
    await page.context().close();
  });

  test('a frame of scrolling costs the page a part of its time', async () => {
    const page = await open({ chat: 'long' });
    await page.locator('.scroller').hover();
    const { mainThreadMs } = await frameCostsOf(browser, page, async () => {
      for (let turn = 0; turn < 120; turn += 1) {
        await page.mouse.wheel(0, -150);
        await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
      }
    });
    const { median, p99 } = quantilesOf(mainThreadMs);
    process.stdout.write(`a frame of scrolling: median ${median.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms of CPU\n`);
    expect(mainThreadMs.length).toBeGreaterThan(50);
    expect(median).toBeLessThan(16.7);
    await page.context().close();
  });

  test('the last page moves nothing when it arrives', async () => {
    const page = await open({ chat: 'long' });
    let letThrough = () => {};
    const gate = new Promise<void>((resolve) => (letThrough = resolve));
    const last = { isHeld: false };
    await page.route(/message\.list.*after/, async (route) => {
      const response = await route.fetch();
      last.isHeld = (await response.text()).includes('"hasMore":false');
      if (last.isHeld) await gate;
      await route.fulfill({ response });
    });
    await goFarBack(page);
    while (!last.isHeld || !(await isAtBottom(page))) await page.mouse.wheel(0, 600);
    const before = await look(page, 1);
    letThrough();
    await page.waitForFunction(() => document.querySelector('.scroller')?.ariaBusy === 'false');
    expect(jumpsBetween(before, await look(page, 1), 1)).toEqual([]);
    expect(await isAtBottom(page)).toBe(false);
    await page.context().close();
  });

  test('jumping to the latest works from far away', async () => {
    const page = await open({ chat: 'long' });
    await goFarBack(page);
    await page.getByRole('button', { name: 'Jump to latest' }).click();
    await page.getByText(new RegExp(`^line ${LINES}\\b`)).waitFor();
    await page.getByRole('button', { name: 'Jump to latest' }).waitFor({ state: 'detached' });
    await page.context().close();
  });

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
      await maya.chat.create.mutate({ name: `room ${index}`, chatType, workspaceId: scene.workspaceId, memberIds: [] });
    const page = await open();
    const dialog = await openDialog(page, 'Browse channels', 'Browse channels');
    await dialog
      .getByRole('listitem')
      .nth(CHANNELS - 10)
      .scrollIntoViewIfNeeded();
    await dialog.getByRole('link', { name: `room ${99 + CHANNELS}` }).waitFor();
    await page.context().close();
  });
});

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

/** So far that the window has let go of the newest messages. */
async function goFarBack(page: Page): Promise<void> {
  await page.locator('.scroller').hover();
  const isFar = page.getByText(/^line 14\d\d\b/).first();
  while (!(await isFar.isVisible())) await page.mouse.wheel(0, -1_500);
}

/** Nothing further down is loaded. */
const isAtBottom = (page: Page) =>
  page.locator('.scroller').evaluate((box) => box.scrollHeight - box.clientHeight - box.scrollTop < 2);

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
