import { createFechatter, type FechatterClient } from '@fechatter/client';
import { chromiumPath, launchChromium } from '@fechatter/testing/chromium';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clippedIn } from './clipped-in.ts';
import { eventually } from './eventually.ts';
import { SCENE_PASSWORD, type Scene, setScene } from './scene.ts';
import { seriousIssues } from './serious-issues.ts';
import { type Services, startServices } from './services.ts';
import { visit, type VisitOptions } from './visit.ts';

describe.skipIf(chromiumPath === undefined)('finding in Chromium, where one is installed', { timeout: 240_000 }, () => {
  let services: Services;
  let browser: Browser;
  let scene: Scene;
  let maya: FechatterClient;
  beforeAll(async () => {
    services = await startServices({ FECHATTER_LIMITS_WRITES_PER_MINUTE: '0' });
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
  const channel = (name: string) =>
    maya.chat.create.mutate({ name, chatType: 'PublicChannel', workspaceId: scene.workspaceId, memberIds: [] });

  test('the switcher offers what is unread and recent first, and goes there by the keyboard', async () => {
    const page = await open({ chat: 'languages' });
    await page.keyboard.press('Control+K');
    const field = page.getByRole('combobox', { name: 'A person, a conversation' });
    await field.waitFor();
    expect(await field.evaluate((element) => element === document.activeElement)).toBe(true);
    const options = page.getByRole('option');
    await eventually(async () => (await options.allInnerTexts()).slice(0, 3).join(' ')).toContain('unread');
    // Nobody goes to where they are.
    expect(await options.filter({ hasText: 'languages' }).count()).toBe(0);
    expect(await seriousIssues(page)).toEqual([]);

    await field.fill('RELÉ');
    await eventually(async () => (await options.allInnerTexts())[0]).toContain('releases');
    await page.keyboard.press('Enter');
    await page.getByRole('textbox', { name: 'Message to releases' }).waitFor();
    await page.keyboard.press('Control+K');
    // With nothing typed, the first read one is that from which the person came.
    await eventually(async () => {
      const shown = await options.allInnerTexts();
      return shown.find((text) => !text.includes('unread'));
    }).toContain('languages');
    await page.keyboard.press('Escape');
    await field.waitFor({ state: 'detached' });
    await page.context().close();
  });

  test('it begins a conversation with a person, shows a channel that was not joined, and opens dialogs', async () => {
    const page = await open({ chat: 'general' });
    const pick = async (typed: string, wanted: string) => {
      await page.keyboard.press('Control+K');
      await page.getByRole('combobox').fill(typed);
      await page.getByRole('option', { name: wanted }).first().waitFor();
      await eventually(() => page.locator('[role="option"][aria-selected="true"]').innerText()).toContain(wanted);
      await page.keyboard.press('Enter');
    };
    await pick('lw', 'Lin Wei');
    await page.getByRole('textbox', { name: 'Message to Lin Wei' }).waitFor();
    await pick('corn', 'corner');
    await page.getByText('You are previewing #corner').waitFor();
    await pick('invitation', 'Invite people');
    await page.getByRole('dialog', { name: 'Invite people to Northwind' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await pick('later', 'Saved messages');
    await page.getByRole('heading', { name: 'Saved', exact: false }).waitFor();
    await page.keyboard.press('Control+K');
    await page.getByRole('combobox').fill('qqqqq');
    await page.getByText('Nothing has this name.').waitFor();
    await page.context().close();
  });

  test('on a phone a button opens it, and it fits', async () => {
    const page = await open({ viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true });
    await page.getByRole('button', { name: 'Go to…' }).tap();
    const dialog = page.getByRole('dialog', { name: 'Go to…' });
    await dialog.getByRole('option').first().waitFor();
    expect(await clippedIn(dialog)).toEqual([]);
    expect(await dialog.evaluate((box) => box.scrollWidth - box.clientWidth)).toBe(0);
    expect(await seriousIssues(page)).toEqual([]);
    await dialog.getByRole('option', { name: 'languages' }).tap();
    await page.getByRole('textbox', { name: 'Message to languages' }).waitFor();
    await page.context().close();
  });

  test('every shortcut of the list does what it says', async () => {
    // Whether it is read by being on the screen is a matter of time.
    await maya.chat.markRead.mutate({ chatId: scene.chats.general, seq: 1_000 });
    // Other tests read it.
    await maya.chat.markUnread.mutate({
      chatId: scene.chats.releases,
      messageId: await newestIn(maya, scene.chats.releases),
    });
    const page = await open({ chat: 'general' });
    const at = (name: string) => page.getByRole('textbox', { name: `Message to ${name}` }).waitFor();
    await at('general');
    await page.keyboard.press('Alt+ArrowDown');
    await at('hiring');
    await page.keyboard.press('Alt+ArrowUp');
    await at('general');
    await page.keyboard.press('Alt+Shift+ArrowDown');
    await at('releases');
    await page.keyboard.press('Alt+Shift+ArrowUp');
    await at('Lunch');

    await page.keyboard.press('Control+F');
    await page.getByRole('dialog', { name: 'Search messages' }).waitFor();
    await eventually(() => focusedLabel(page)).toBe('Search for');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });

    // The caret is where it was, and a question that is written is no shortcut.
    const area = page.getByRole('textbox', { name: /^Message to/ });
    await page.keyboard.type('/?');
    await eventually(() => area.inputValue()).toBe('/?');
    await area.fill('');
    await page.getByRole('log', { name: /^Messages in/ }).focus();
    await page.keyboard.press('?');
    const list = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    await list.waitFor();
    expect(await seriousIssues(page)).toEqual([]);
    await list.getByRole('checkbox', { name: 'Shortcuts of a single key' }).uncheck();
    await page.keyboard.press('Escape');
    await list.waitFor({ state: 'detached' });
    await page.getByRole('log', { name: /^Messages in/ }).focus();
    await page.keyboard.press('?');
    await page.keyboard.press('/');
    // Another key shows that those did nothing: one dialog is open at a time.
    await page.keyboard.press('Control+K');
    await page.getByRole('dialog', { name: 'Go to…' }).waitFor();
    expect(await page.getByRole('dialog').count()).toBe(1);
    await page.keyboard.press('Escape');

    await page.keyboard.press('Shift+Escape');
    await eventually(() => page.title()).toMatch(/^[^(]/);
    await eventually(async () =>
      (await maya.chat.list.query()).chats.every(({ unreadCount }) => unreadCount === 0),
    ).toBe(true);
    await page.context().close();
  });

  test('a message that has the focus is answered, reacted to and edited by a letter', async () => {
    const page = await open({ chat: 'general' });
    await page.getByRole('textbox', { name: 'Message to general' }).fill('by letter');
    await page.keyboard.press('Enter');
    const message = page.locator('.message[data-state="sent"]', { hasText: 'by letter' });
    await message.getByRole('button', { name: 'More actions' }).focus();
    await page.keyboard.press('r');
    await page.getByRole('dialog', { name: 'Emoji' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('t');
    await page.getByRole('complementary', { name: 'Thread' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('complementary', { name: 'Thread' }).waitFor({ state: 'detached' });
    await message.getByRole('button', { name: 'More actions' }).focus();
    await page.keyboard.press('e');
    await page.getByRole('textbox', { name: 'Edit message' }).waitFor();
    await eventually(() => focusedLabel(page)).toBe('Edit message');
    await page.keyboard.press('Escape');
    await page.getByRole('textbox', { name: 'Edit message' }).waitFor({ state: 'detached' });
    await page.context().close();
  });

  test('Escape marks the open conversation as read', async () => {
    const {
      chats: { general },
    } = scene;
    const newest = await newestIn(maya, general);
    const page = await open({ chat: 'languages' });
    const link = page.getByRole('navigation', { name: 'Conversations' }).getByRole('link', { name: 'general' });
    await maya.chat.markUnread.mutate({ chatId: general, messageId: newest });
    await link.getByText('unread').waitFor();
    // What was on the screen is read by itself: the window is hidden from it.
    await page.evaluate(() => {
      Object.defineProperty(document, 'hasFocus', { value: () => false });
      dispatchEvent(new Event('blur'));
    });
    await link.click();
    await page.getByRole('textbox', { name: 'Message to general' }).waitFor();
    await page.keyboard.press('Escape');
    await link.getByText('unread').waitFor({ state: 'detached' });
    await page.context().close();
  });

  test('hundreds of channels are found, and the list is quick to go through', async () => {
    const page = await open({ chat: 'general' });
    for (let count = 0; count < 300; count += 20)
      await Promise.all(
        Array.from({ length: 20 }, (_, index) => channel(`Überraschung ${String(count + index).padStart(4, '0')}`)),
      );
    const rows = page.getByRole('navigation', { name: 'Conversations' }).locator('section li');
    await eventually(() => rows.count()).toBeGreaterThan(300);
    await page.keyboard.press('Control+K');
    await page.getByRole('combobox').fill('uber 0277');
    await eventually(() => page.getByRole('option').count()).toBe(1);
    await page.keyboard.press('Enter');
    await page.getByRole('textbox', { name: 'Message to Überraschung 0277' }).waitFor();
    const current = page.locator('.sidebar a[aria-current="page"]');
    await eventually(() =>
      current.evaluate((link) => {
        const { top, bottom } = link.getBoundingClientRect();
        return top >= 0 && bottom <= innerHeight;
      }),
    ).toBe(true);
    await page.keyboard.press('Control+K');
    await page.getByRole('combobox').fill('ueberraschungen');
    await page.getByText('Nothing has this name.').waitFor();
    await page.getByRole('combobox').fill('u');
    await eventually(() => page.getByRole('option').count()).toBe(20);
    await page.context().close();
  });
});

const focusedLabel = (page: Page) =>
  page.evaluate(() => {
    const element = document.activeElement;
    return element?.getAttribute('aria-label') ?? (element as HTMLInputElement | null)?.labels?.[0]?.textContent;
  });

async function newestIn(client: FechatterClient, chatId: string): Promise<string> {
  const { messages } = await client.message.list.query({ chatId, limit: 1 });
  return messages[0]?.id ?? '';
}
