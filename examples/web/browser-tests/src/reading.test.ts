import { chromiumPath, launchChromium } from '@fechatter/testing/chromium';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { frameCostsOf, quantilesOf } from './frame-costs.ts';
import { glide, jumpsBetween, look } from './glide.ts';
import { type Scene, setScene } from './scene.ts';
import { type Services, startServices } from './services.ts';
import { visit, type VisitOptions } from './visit.ts';

/** Three times what the list keeps. */
const LINES = 1_200;

describe.skipIf(chromiumPath === undefined)('reading in Chromium, where one is installed', { timeout: 240_000 }, () => {
  let services: Services;
  let browser: Browser;
  let scene: Scene;
  beforeAll(async () => {
    services = await startServices();
    browser = await launchChromium();
    scene = await setScene(services, LINES);
  }, 240_000);
  afterAll(async () => {
    await browser.close();
    await services[Symbol.asyncDispose]();
  });
  const open = (options: VisitOptions = {}) => visit(browser, services.serverUrl, scene, options);

  test('a long channel scrolls to its beginning and back without jumping', { timeout: 240_000 }, async () => {
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

  test('a frame of scrolling takes a part of its time', { timeout: 240_000 }, async () => {
    const page = await open({ chat: 'long' });
    await page.locator('.scroller').hover();
    const { mainThreadMs } = await frameCostsOf(browser, page, async () => {
      for (let turn = 0; turn < 80; turn += 1) {
        await page.mouse.wheel(0, -150);
        await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
      }
    });
    const { median, p99 } = quantilesOf(mainThreadMs);
    process.stdout.write(`a frame of scrolling: median ${median.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms of CPU\n`);
    expect(mainThreadMs.length).toBeGreaterThan(40);
    expect(median).toBeLessThan(16.7);
    await page.context().close();
  });

  test('the last page moves no message when it arrives', async () => {
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
});

/** Goes so far back that the window has dropped the newest messages. */
async function goFarBack(page: Page): Promise<void> {
  await page.locator('.scroller').hover();
  const isFar = page.getByText(/^line 6\d\d\b/).first();
  while (!(await isFar.isVisible())) await page.mouse.wheel(0, -1_500);
}

/** Nothing further down is loaded. */
const isAtBottom = (page: Page) =>
  page.locator('.scroller').evaluate((box) => box.scrollHeight - box.clientHeight - box.scrollTop < 2);
