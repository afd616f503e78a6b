import { createFechatter, type FechatterClient } from '@fechatter/client';
import { chromiumPath, launchChromium } from '@fechatter/testing/chromium';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SCENE_PASSWORD, type Scene, setScene } from './scene.ts';
import { eventually } from './eventually.ts';
import { type Services, startServices } from './services.ts';
import { visit } from './visit.ts';

/** More than a page. */
const FAR = 70;

describe.skipIf(chromiumPath === undefined)(
  'read marks in Chromium, where one is installed',
  { timeout: 240_000 },
  () => {
    let services: Services;
    let browser: Browser;
    let scene: Scene;
    let page: Page;
    let maya: FechatterClient;
    let jonas: FechatterClient;
    beforeAll(async () => {
      services = await startServices();
      browser = await launchChromium();
      scene = await setScene(services);
      [maya, jonas] = [createFechatter(services), createFechatter(services)];
      await maya.auth.signin.mutate({ email: scene.email, password: SCENE_PASSWORD });
      await jonas.auth.signin.mutate({ email: scene.email.replace('maya', 'jonas'), password: SCENE_PASSWORD });
      page = await visit(browser, services.serverUrl, scene, { chat: 'general' });
    }, 240_000);
    afterAll(async () => {
      await browser.close();
      await services[Symbol.asyncDispose]();
    });

    /** A new channel with `count` messages of Jonas. */
    async function channelOf(name: string, count: number): Promise<string> {
      const { workspaceId } = scene;
      const memberIds = [jonas.session?.id ?? ''];
      const { id } = await maya.chat.create.mutate({ name, chatType: 'PublicChannel', workspaceId, memberIds });
      await send(id, 1, count);
      await page
        .getByRole('link', { name: new RegExp(`^\\W*${name} ${count > 99 ? '99\\+' : count} unread`) })
        .waitFor();
      return id;
    }
    async function send(chatId: string, from: number, to: number): Promise<void> {
      for (let number = from; number <= to; number += 1)
        await jonas.message.send.mutate({ chatId, content: `line ${number}` });
    }
    const open = async (name: string) => {
      await page.getByRole('navigation', { name: 'Conversations' }).getByRole('link', { name }).click();
      await page.getByRole('textbox', { name: `Message to ${name}` }).waitFor();
      await page.locator('.line').first().waitFor();
    };
    const markOf = async (chatId: string) => (await maya.chat.get.query({ chatId })).lastReadNumber;
    /** Waits until exactly what is on the screen was read after this mark; returns the new one. */
    async function readOnScreen(chatId: string, before: number): Promise<number> {
      await eventually(() => markOf(chatId)).toBeGreaterThan(before);
      await eventually(async () => (await markOf(chatId)) - (await lastOnScreen(page))).toBe(0);
      return markOf(chatId);
    }
    const link = (name: string) => page.getByRole('navigation', { name: 'Conversations' }).getByRole('link', { name });

    test('of thirty unread messages only those that were on the screen become read, until the person scrolls', async () => {
      const chatId = await channelOf('thirty', 30);
      await open('thirty');
      await page.getByText('New messages').waitFor();
      await eventually(() => isOnScreen(page, 'line 1')).toBe(true);
      const last = await readOnScreen(chatId, 0);
      expect(last).toBeLessThan(30);
      await link('thirty')
        .getByText(`${30 - last} unread`)
        .waitFor();
      await page.locator('.scroller').hover();
      await page.mouse.wheel(0, 10_000);
      await eventually(() => markOf(chatId)).toBe(30);
      await link('thirty').getByText('unread').waitFor({ state: 'detached' });
    });

    test('a chat opens at the first unread message, however far back, and again after another one', async () => {
      const chatId = await channelOf('far', FAR);
      await open('far');
      await page.getByText('New messages').waitFor();
      await eventually(() => isOnScreen(page, 'line 1')).toBe(true);
      await eventually(() => markOf(chatId)).toBeGreaterThan(0);
      expect(await markOf(chatId)).toBeLessThan(40);
      const read = await markOf(chatId);
      await page.getByRole('button', { name: / new$/ }).click();
      await eventually(() => isOnScreen(page, `line ${FAR}`)).toBe(true);
      await eventually(() => markOf(chatId)).toBe(FAR);
      expect(read).toBeLessThan(FAR);
      await open('general');
      await send(chatId, FAR + 1, FAR + 3);
      await link('far').getByText('3 unread').waitFor();
      await open('far');
      await eventually(() => isOnScreen(page, `line ${FAR + 3}`)).toBe(true);
      await eventually(() => markOf(chatId)).toBe(FAR + 3);
    });

    test('in a hidden page no message becomes read, and the list stays at the first unseen one', async () => {
      const chatId = await channelOf('away', 1);
      await open('away');
      await eventually(() => markOf(chatId)).toBe(1);
      await look(page, false);
      await send(chatId, 2, 41);
      await page.getByRole('button', { name: '40 new' }).waitFor();
      await eventually(() => isOnScreen(page, 'line 2')).toBe(true);
      await page.getByText('New messages').waitFor();
      expect(await markOf(chatId)).toBe(1);
      await look(page, true);
      expect(await readOnScreen(chatId, 1)).toBeLessThan(41);
    });

    test('at the end of the list no badge remains', async () => {
      const chatId = await channelOf('busy', 1);
      await open('busy');
      for (let round = 0; round < 30; round += 1) {
        const { id: messageId } = await jonas.message.send.mutate({ chatId, content: `line ${2 + round}` });
        // More than a screen at once would stop the list at the first unseen message.
        if (round % 5 !== 4) continue;
        await eventually(() => markOf(chatId)).toBe(2 + round);
        await jonas.message.delete.mutate({ chatId, messageId });
      }
      await eventually(() => markOf(chatId)).toBe(31);
      await link('busy').getByText('unread').waitFor({ state: 'detached' });
    });

    test('a taller composer and a smaller window hide no message at the end', async () => {
      const chatId = await channelOf('tall', 40);
      await open('tall');
      await page.locator('.scroller').hover();
      const isAtEnd = async () => {
        await page.mouse.wheel(0, 10_000);
        return isOnScreen(page, 'line 40');
      };
      await eventually(isAtEnd).toBe(true);
      await page.getByRole('textbox', { name: 'Message to tall' }).fill('one\n'.repeat(7));
      await eventually(() => isOnScreen(page, 'line 40')).toBe(true);
      await send(chatId, 41, 41);
      await eventually(() => isOnScreen(page, 'line 41')).toBe(true);
      await page.setViewportSize({ width: 1_200, height: 420 });
      await eventually(() => isOnScreen(page, 'line 41')).toBe(true);
      await page.getByRole('textbox', { name: 'Message to tall' }).fill('');
      await page.setViewportSize({ width: 1_200, height: 760 });
    });

    test('each new message is announced to screen readers, and a long one is folded', async () => {
      const chatId = await channelOf('loud', 1);
      await open('loud');
      await Promise.all([send(chatId, 2, 2), send(chatId, 3, 3)]);
      await jonas.message.send.mutate({ chatId, content: `from here${'\n'.repeat(3_000)}to here` });
      const spoken = page.getByRole('log', { name: 'New messages' }).locator('p');
      await spoken.filter({ hasText: 'from here' }).waitFor();
      for (const hasText of ['line 2', 'line 3']) await spoken.filter({ hasText }).waitFor();
      const long = page.locator('.message', { hasText: 'from here' });
      await long.getByRole('button', { name: /^Show more/ }).waitFor();
      expect((await long.boundingBox())?.height).toBeLessThan(500);
      await long.getByRole('button', { name: /^Show more/ }).click();
      await eventually(async () => (await long.boundingBox())?.height).toBeGreaterThan(10_000);
      await long.getByRole('button', { name: 'Show less' }).click();
      await eventually(async () => (await long.boundingBox())?.height).toBeLessThan(500);
    });
  },
);

/** Simulates whether this window or another one has the focus. */
const look = (page: Page, isSeen: boolean) =>
  page.evaluate((hasFocus) => {
    document.hasFocus = () => hasFocus;
    dispatchEvent(new Event(hasFocus ? 'focus' : 'blur'));
  }, isSeen);

/** The numbers of the lines that are completely on the screen. */
const numbersOnScreen = (page: Page): Promise<number[]> =>
  page.evaluate(() => {
    const box = document.querySelector('.scroller')?.getBoundingClientRect();
    return [...document.querySelectorAll('.line')].flatMap((line) => {
      const { top, bottom } = line.getBoundingClientRect();
      const number = Number(/line (\d+)/.exec(line.textContent)?.[1]);
      return box !== undefined && top >= box.top - 4 && bottom <= box.bottom + 4 && number > 0 ? [number] : [];
    });
  });
const lastOnScreen = async (page: Page) => Math.max(...(await numbersOnScreen(page)));
const isOnScreen = async (page: Page, line: string) =>
  (await numbersOnScreen(page)).includes(Number(line.replace('line ', '')));
