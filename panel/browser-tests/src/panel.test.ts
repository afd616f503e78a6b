import { router as notifyRouter } from '@fechatter/notify';
import { appRouter } from '@fechatter/server';
import { chromiumPath, launchChromium } from '@fechatter/testing/chromium';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openPanel, type PanelTab } from './panel-tab.ts';
import { type Services, startServices } from './services.ts';

describe.skipIf(chromiumPath === undefined)('the panel in Chromium, where one is installed', () => {
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
  const open = (options?: Parameters<typeof openPanel>[2]) => openPanel(browser, services.serverUrl, options);

  /** A signed-in tab with a chat, whose id the panel then fills in by itself. */
  async function inChat(): Promise<PanelTab> {
    const tab = await open();
    await tab.signUp();
    await tab.open('workspace.create');
    await tab.field('name').fill('Analytical Engine');
    expect(await tab.call()).toBe('200 OK');
    await tab.open('chat.create');
    await tab.field('name').fill('Looms');
    await tab.field('chatType').selectOption('Group');
    expect(await tab.call()).toBe('200 OK');
    return tab;
  }

  async function send(tab: PanelTab, content: string): Promise<void> {
    await tab.field('content').fill(content);
    expect(await tab.call()).toBe('200 OK');
    expect(await tab.result()).toMatchObject({ content });
  }

  test('a person signs up, creates a chat, and receives all messages live, with a stop in between', async () => {
    await using tab = await inChat();
    const { page } = tab;
    await tab.open('notification.events');
    await tab.button('Follow').click();
    await page.locator('[data-kind="ready"]').waitFor();
    const messages = page.locator('[data-kind="message.created"]');
    const markup = '<script>document.title = "owned"</script><img src=x onerror="document.title = 1">';
    await tab.open('message.send');
    await send(tab, markup);
    await messages.first().waitFor();
    await tab.button('Stop').click();
    await page.getByText('stopped', { exact: true }).waitFor();
    await send(tab, 'while it was stopped');
    await send(tab, 'and once more');
    expect(await messages.count()).toBe(1);
    await tab.button('Resume').click();
    await messages.nth(2).waitFor();
    await send(tab, 'live again');
    await messages.nth(3).waitFor();
    for (const message of await messages.all()) await message.locator('summary').click();
    const shown = await messages.locator('pre:has(code)').allInnerTexts();
    const contents = shown.map((json) => (JSON.parse(json) as { message: { content: string } }).message.content);
    expect(contents).toEqual([markup, 'while it was stopped', 'and once more', 'live again']);
    await page.locator('[data-kind="ready"]', { hasText: '"resumed":true' }).waitFor();
    expect(await page.title()).toBe('message.send · Fechatter panel');
    expect(await page.locator('main img, .log img, .log script').count()).toBe(0);
    expect(tab.complaints).toEqual([]);
  });

  test('every procedure of both services has its page', async () => {
    await using tab = await open();
    const names = await tab.page
      .locator('nav a')
      .evaluateAll((links) => links.map((link) => link.dataset['name'] ?? ''));
    const served = [appRouter, notifyRouter].flatMap(({ _def }) => Object.keys(_def.procedures));
    expect(names.toSorted()).toEqual(served.toSorted());
    for (const name of names) {
      await tab.open(name);
      expect(await tab.page.locator('.summary').innerText()).not.toBe(name);
    }
    expect(tab.complaints).toEqual([]);
  });

  test('a cut stream reconnects and misses no event', async () => {
    await using tab = await inChat();
    const { page } = tab;
    await tab.open('notification.events');
    await tab.button('Follow').click();
    await page.locator('[data-kind="ready"]').waitFor();
    await tab.open('message.send');
    await services.withoutNotify(async () => {
      await page.locator('.state:not([data-state="live"])').waitFor();
      await send(tab, 'while notify was away');
    });
    await page.locator('[data-kind="message.created"]').waitFor();
    await page.locator('[data-kind="ready"]', { hasText: '"resumed":true' }).waitFor();
    expect(await page.locator('.state').innerText()).toBe('live');
  });

  test('a link fills the form, makes no call, and has no password', async () => {
    await using tab = await open();
    await tab.open('auth.signup');
    await tab.field('email').fill('ada@example.com');
    await tab.field('password').fill('a secret of hers');
    await tab.field('fullName').fill('Ada & <b>co</b> ?#%');
    await tab.button('Copy link').click();
    const link = new URL(tab.page.url());
    expect(decodeURIComponent(link.hash)).not.toContain('secret');
    const calls: string[] = [];
    const prepare = async (page: Page) =>
      void page.on('request', (request) => calls.push(new URL(request.url()).pathname));
    await using other = await open({ hash: link.hash, prepare });
    await other.page.getByRole('heading', { name: 'auth.signup' }).waitFor();
    expect(await other.field('email').inputValue()).toBe('ada@example.com');
    expect(await other.field('fullName').inputValue()).toBe('Ada & <b>co</b> ?#%');
    expect(JSON.parse(await other.field('JSON').inputValue())).toEqual({
      email: 'ada@example.com',
      fullName: 'Ada & <b>co</b> ?#%',
    });
    expect(calls.toSorted()).toEqual(['/panel', '/panel.json', '/panel.json']);
    expect([...tab.complaints, ...other.complaints]).toEqual([]);
  });

  test('a refusal shows its reason, its issues beside their fields, and the request without the token', async () => {
    await using tab = await open();
    await tab.signUp();
    await tab.open('workspace.create');
    expect(await tab.call()).toBe('400 Bad Request');
    const field = tab.field('name');
    expect(await field.getAttribute('aria-invalid')).toBe('true');
    expect(await tab.page.locator('#field-name-issue').innerText()).toContain('1 to 100 characters');
    await tab.page.locator('.issues button').first().click();
    expect(await field.evaluate((node) => node === document.activeElement)).toBe(true);
    await tab.page.locator('.result .wire summary').click();
    const wire = await tab.page.locator('.result .wire pre').innerText();
    expect(wire).toContain('POST /trpc/workspace.create');
    expect(wire).toContain('authorization: Bearer …');
    expect(wire).toContain('"reason":"invalid_input"');
    await field.fill('Engine');
    expect(await tab.page.locator('#field-name-issue').isVisible()).toBe(false);
    // The browser itself logs a status of 400; there is no other complaint.
    expect(tab.complaints.filter((complaint) => !complaint.includes('status of 400'))).toEqual([]);
  });

  test('the keyboard alone finds a procedure and calls it', async () => {
    await using tab = await open();
    const { keyboard } = tab.page;
    await keyboard.press('/');
    await keyboard.type('list workspaces');
    await keyboard.press('ArrowDown');
    await keyboard.press('Enter');
    await tab.page.getByRole('heading', { name: 'workspace.list' }).waitFor();
    await keyboard.press('Control+Enter');
    await tab.page.locator('.result .reason', { hasText: 'not_signed_in' }).waitFor();
  });

  test('an expiring token is refreshed before it is used', async () => {
    await using tab = await open();
    await tab.signUp();
    const held = () => tab.page.evaluate(() => sessionStorage.getItem('fechatter.panel.session') ?? '');
    const before = await held();
    await tab.page.evaluate(
      (text) =>
        sessionStorage.setItem('fechatter.panel.session', JSON.stringify({ ...JSON.parse(text), refreshAtMs: 0 })),
      before,
    );
    await tab.page.reload();
    await tab.open('user.me');
    await tab.button('Call').click();
    await tab.page.locator('.result .value').waitFor();
    const [was, is] = [before, await held()].map((text) => JSON.parse(text) as { refreshToken: string; token: string });
    expect(is?.refreshToken).not.toBe(was?.refreshToken);
    expect(tab.complaints).toEqual([]);
  });
});
