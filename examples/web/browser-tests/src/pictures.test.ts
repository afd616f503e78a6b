import { createFechatter } from '@fechatter/client';
import { createStore } from '@fechatter/client/store';
import { chromiumPath, launchChromium } from '@fechatter/testing/chromium';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from './eventually.ts';
import { frameCostsOf, quantilesOf } from './frame-costs.ts';
import { pictureOf } from './picture-of.ts';
import { SCENE_PASSWORD, type Scene, setScene } from './scene.ts';
import { type Services, startServices } from './services.ts';
import { visit } from './visit.ts';

const PICTURES = 24;
const LINES = 150;
const TURNS = 50;
const STEP_PX = 150;
/** How much more CPU a frame of pictures may take than one of text, at the median. */
const RATIO_MAX = 2;

describe.skipIf(chromiumPath === undefined)(
  'a chat of pictures in Chromium, where one is installed',
  { timeout: 900_000 },
  () => {
    let services: Services;
    let browser: Browser;
    let scene: Scene;
    beforeAll(async () => {
      services = await startServices({ FECHATTER_LIMITS_SENDS_PER_MINUTE: '0' });
      browser = await launchChromium();
      scene = await setScene(services, LINES);
      await sendPictures();
      await services.checkFiles();
    }, 900_000);
    afterAll(async () => {
      await browser.close();
      await services[Symbol.asyncDispose]();
    });

    async function sendPictures(): Promise<void> {
      const painter = await browser.newPage();
      const maya = createFechatter(services);
      await maya.auth.signin.mutate({ email: scene.email, password: SCENE_PASSWORD });
      const store = createStore(maya);
      for (let n = 0; n < PICTURES; n += 1) {
        const [width, height] = n % 2 === 0 ? ([1_200, 800] as const) : ([600, 1_000] as const);
        const content = new Uint8Array(await pictureOf(painter, width, height, `hsl(${n * 7} 60% 50%)`));
        await store.send(scene.chats.languages, `line ${n + 1}`, null, { files: [{ content, name: `${n}.png` }] }).sent;
      }
      store.close();
      await painter.close();
    }

    async function costsOf(chat: 'long' | 'languages'): Promise<{ readonly median: number; readonly p99: number }> {
      const page = await visit(browser, services.serverUrl, scene, { chat });
      await page.locator('.scroller').hover();
      const { mainThreadMs } = await frameCostsOf(browser, page, () => scrollUp(page));
      await page.context().close();
      expect(mainThreadMs.length).toBeGreaterThan(TURNS / 2);
      return quantilesOf(mainThreadMs);
    }

    test('it scrolls as one of text does', async () => {
      const text = await costsOf('long');
      const pictures = await costsOf('languages');
      process.stdout.write(
        `a frame of scrolling, CPU of the main thread: of text ${text.median.toFixed(1)} ms (p99 ${text.p99.toFixed(1)}), ` +
          `of ${PICTURES} pictures ${pictures.median.toFixed(1)} ms (p99 ${pictures.p99.toFixed(1)})\n`,
      );
      expect(pictures.median / text.median).toBeLessThan(RATIO_MAX);
    });

    test('nothing moves when the pictures come late', async () => {
      const page = await visit(browser, services.serverUrl, scene, { chat: 'general' });
      let letThrough = () => {};
      const gate = new Promise<void>((resolve) => (letThrough = resolve));
      await page.route('**/f/*', async (route) => {
        await gate;
        await route.continue();
      });
      await page.getByRole('link', { name: 'languages' }).click();
      await page.locator('.picture img').first().waitFor({ state: 'attached' });
      const tops = () =>
        page.evaluate(() =>
          JSON.stringify([...document.querySelectorAll('.line')].map((line) => line.getBoundingClientRect().top)),
        );
      const before = await tops();
      letThrough();
      const loaded = () =>
        page.evaluate(
          () => [...document.querySelectorAll('img')].filter(({ naturalWidth }) => naturalWidth > 0).length,
        );
      await eventually(loaded).toBeGreaterThan(1);
      expect(await tops()).toBe(before);
      await page.context().close();
    });
  },
);

async function scrollUp(page: Page): Promise<void> {
  for (let turn = 0; turn < TURNS; turn += 1) {
    await page.mouse.wheel(0, -STEP_PX);
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
  }
}
