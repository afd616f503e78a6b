import { chromiumPath, launchChromium } from '@fechatter/testing/chromium';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openPanel, type PanelTab } from './panel-tab.ts';
import { type Services, startServices } from './services.ts';

const text = { type: 'string' };
const plant = {
  name: 'garden.plant',
  type: 'mutation',
  summary: 'Plant something',
  isProtected: false,
  refusals: [],
  isInputOptional: false,
  input: {
    type: 'object',
    required: ['kind', 'place', 'labels', 'owner'],
    properties: {
      kind: { type: 'string', enum: ['Tree', 'Flower'] },
      place: { type: 'object', required: ['row'], properties: { row: { type: 'integer', minimum: 1 }, note: text } },
      labels: {
        type: 'array',
        items: { type: 'object', required: ['text'], properties: { text, isBold: { type: 'boolean' } } },
      },
      owner: { anyOf: [text, { type: 'null' }] },
      when: {
        anyOf: [
          { type: 'object', required: ['at'], properties: { at: text } },
          { type: 'object', required: ['inDays'], properties: { inDays: { type: 'number' } } },
        ],
      },
    },
  },
};

describe.skipIf(chromiumPath === undefined)('the form in Chromium, where one is installed', () => {
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

  /** The panel for a service whose input uses every kind of form field. */
  const garden = (options: Parameters<typeof openPanel>[2] = {}): Promise<PanelTab> =>
    openPanel(browser, services.serverUrl, {
      ...options,
      hash: '#/garden.plant',
      prepare: async (page: Page) => {
        const documents = [
          { service: 'server', procedures: [plant] },
          { service: 'notify', procedures: [] },
        ];
        await page.route('**/panel.json', (route) => {
          const isServer = route.request().url().startsWith(services.serverUrl);
          const headers = { 'access-control-allow-origin': services.serverUrl };
          return route.fulfill({ json: documents[isServer ? 0 : 1], headers });
        });
      },
    });
  const json = async (tab: PanelTab) => JSON.parse(await tab.field('JSON').inputValue()) as unknown;

  test('a change in the form appears in the JSON', async () => {
    await using tab = await garden();
    const { page } = tab;
    expect(await json(tab)).toEqual({ kind: 'Tree', place: { row: 1 }, labels: [], owner: '' });
    await tab.field('kind').selectOption('Flower');
    await tab.field('row').fill('7');
    await tab.button('Add note').click();
    await page.keyboard.type('by the wall');
    await tab.button('Add to labels').click();
    await tab.field('text').fill('red');
    await tab.button('Add isBold').click();
    await tab.field('isBold').check();
    await tab.button('Set owner to null').click();
    await tab.button('Add when').click();
    await tab.field('Form of when').selectOption({ label: 'inDays' });
    expect(await json(tab)).toEqual({
      kind: 'Flower',
      place: { row: 7, note: 'by the wall' },
      labels: [{ text: 'red', isBold: true }],
      owner: null,
      when: { inDays: 0 },
    });
    await tab.button('Leave out note').click();
    await tab.button('Leave out when').click();
    await tab.button('Leave out 1').click();
    await tab.button('Give owner a value').click();
    expect(await json(tab)).toEqual({ kind: 'Flower', place: { row: 7 }, labels: [], owner: '' });
    await tab.button('Reset').click();
    expect(await json(tab)).toEqual({ kind: 'Tree', place: { row: 1 }, labels: [], owner: '' });
    expect(tab.complaints).toEqual([]);
  });

  test('a change in the JSON appears in the form', async () => {
    await using tab = await garden();
    const { page } = tab;
    const area = tab.field('JSON');
    await area.fill('{"kind":"Flower","place":{"row":3},"labels":[{"text":"a"},{"text":"b"}],"owner":"Ada","more":1}');
    expect(await tab.field('kind').inputValue()).toBe('1');
    expect(
      await tab.field('text').evaluateAll((nodes) => nodes.map((node) => (node as HTMLInputElement).value)),
    ).toEqual(['a', 'b']);
    await page.getByText('Not in the schema: more').waitFor();
    await tab.field('owner').fill('Grace');
    expect(await json(tab)).toMatchObject({ owner: 'Grace', more: 1, labels: [{ text: 'a' }, { text: 'b' }] });
    // An input that the schema forbids can still be sent.
    await area.fill('{"place":{"row":"x"},"labels":7}');
    expect(await tab.field('row').inputValue()).toBe('"x"');
    await area.fill('{"kind":');
    expect(await page.locator('.form').evaluate((form) => (form as HTMLElement).inert)).toBe(true);
    expect(await page.locator('#json-issue').innerText()).not.toBe('');
    expect(tab.complaints).toEqual([]);
  });

  test('on a phone nothing is wider than the screen, and the back link is shown', async () => {
    await using tab = await garden({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
    const { page } = tab;
    const width = () => page.evaluate(() => document.documentElement.scrollWidth);
    await tab.button('Add to labels').click();
    await tab.button('Add when').click();
    expect(await width()).toBe(390);
    await page.getByRole('link', { name: 'All procedures' }).tap();
    await page.locator('nav a').first().waitFor();
    expect(await page.locator('main').isVisible()).toBe(false);
    expect(await width()).toBe(390);
  });
});
