import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumPath, launchChromium } from './chromium.ts';
import { type Scene, setScene } from './scene.ts';
import { type Services, startServices } from './services.ts';
import { visit, type VisitOptions } from './visit.ts';

const LINES = 2_000;
/** Lines that one turn of the wheel passes at most. */
const STEP_MAX = 60;

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
    await page.getByText(`line ${LINES}`).waitFor();
    const frames = framesOf(page);
    const up = await wheelUntil(page, -900, 1);
    expect(up[0]).toBeGreaterThan(LINES - 60);
    expect(stepsOf(up).filter((step) => step > 0 || step < -STEP_MAX)).toEqual([]);
    await page.getByText('This is where it begins.').waitFor();
    const down = await wheelUntil(page, 900, LINES - 40);
    expect(stepsOf(down).filter((step) => step < 0 || step > STEP_MAX)).toEqual([]);
    await page.getByText(new RegExp(`^line ${LINES}\\b`)).waitFor();
    const { median, late } = await frames();
    process.stdout.write(`frames while scrolling: median ${median.toFixed(1)} ms, ${(late * 100).toFixed(1)} % late\n`);
    // Every second frame at least, whatever else this machine does.
    expect(median).toBeLessThan(34);
    await page.context().close();
  });

  test('jumping to the latest works from far away', async () => {
    const page = await open({ chat: 'long' });
    await wheelUntil(page, -1_500, LINES - 700);
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
    for (const [button, field] of [
      ['People', 'People in Northwind'],
      ['Browse channels', 'Browse channels'],
      ['New channel', 'New channel'],
      ['New direct message', 'New direct message'],
      ['Members', 'Members of general'],
      ['Account of Maya Okafor', 'Your account'],
    ] as const) {
      await page.getByRole('button', { name: button, exact: true }).click();
      const dialog = page.getByRole('dialog', { name: field });
      await dialog.locator('li, label, button.primary').first().waitFor();
      expect(await seriousIssues(page), button).toEqual([]);
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
    }
    await page.getByRole('button', { name: 'Account of Maya Okafor' }).click();
    await page.locator('footer').getByRole('button', { name: 'Sign out', exact: true }).click();
    await page.getByText('You are signed out.').waitFor();
    expect(await seriousIssues(page), 'signing in').toEqual([]);
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
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Edit message');
    await page.context().close();
  });
});

/** Turns the wheel until the topmost line's number is at or beyond `goal`; answers the numbers on the way. */
async function wheelUntil(page: Page, pixels: number, goal: number): Promise<number[]> {
  await page.locator('.scroller').hover();
  const seen: number[] = [];
  for (let turn = 0; turn < 400; turn += 1) {
    const top = await topLine(page);
    if (top !== undefined) seen.push(top);
    if (top !== undefined && (pixels < 0 ? top <= goal : top >= goal)) return seen;
    await page.mouse.wheel(0, pixels);
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  }
  throw new Error(`the wheel did not get to ${goal}: ${seen.slice(-5).join(', ')}`);
}

/** The number of the line that stands topmost on the screen. */
const topLine = (page: Page) =>
  page.evaluate(() => {
    const top = document.querySelector('.scroller')?.getBoundingClientRect().top ?? 0;
    const row = [...document.querySelectorAll('.line')].find((line) => line.getBoundingClientRect().bottom > top + 1);
    const number = /line (\d+)/.exec(row?.textContent ?? '')?.[1];
    return number === undefined ? undefined : Number(number);
  });

const stepsOf = (numbers: readonly number[]) => numbers.slice(1).map((number, index) => number - (numbers[index] ?? 0));

/** Begins to watch how long frames take. */
function framesOf(page: Page): () => Promise<{ readonly median: number; readonly late: number }> {
  const begun = page.evaluate(() => {
    const times: number[] = [];
    Object.assign(globalThis, { frameTimes: times });
    const note = (now: number) => {
      times.push(now);
      requestAnimationFrame(note);
    };
    requestAnimationFrame(note);
  });
  return async () => {
    await begun;
    const times = await page.evaluate(() => (globalThis as unknown as { frameTimes: number[] }).frameTimes);
    const took = stepsOf(times).toSorted((a, b) => a - b);
    return { median: took[Math.floor(took.length / 2)] ?? 0, late: took.filter((ms) => ms > 34).length / took.length };
  };
}

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
