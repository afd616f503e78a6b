import { chromiumPath, launchChromium } from '@fechatter/testing/chromium';
import type { Browser, Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BrowserPerson, deleteMessage, openChat, twoInChannel } from './browser-person.ts';
import { eventually } from './eventually.ts';
import { seriousIssues } from './serious-issues.ts';
import { type Services, startServices } from './services.ts';

describe.skipIf(chromiumPath === undefined)(
  'reactions and threads in Chromium, where one is installed',
  { timeout: 240_000 },
  () => {
    let services: Services;
    let browser: Browser;
    let ada: BrowserPerson;
    let bob: BrowserPerson;
    beforeAll(async () => {
      services = await startServices();
      browser = await launchChromium();
      [ada, bob] = await twoInChannel(browser, services.serverUrl);
    }, 240_000);
    afterAll(async () => {
      await browser.close();
      await services[Symbol.asyncDispose]();
    });
    const chip = ({ page }: BrowserPerson, text: string, emoji: string) =>
      messageOf({ page }, text).getByRole('button', { name: new RegExp(`^${emoji}, `, 'u') });

    test('a reaction is chosen by keyboard, appears in both windows, and is taken back by pressing it', async () => {
      await ada.send('shall we?');
      await bob.sees('shall we?');
      await messageOf(bob, 'shall we?').getByRole('button', { name: 'Add a reaction' }).focus();
      await bob.page.keyboard.press('Enter');
      const search = bob.page.getByRole('searchbox', { name: 'Search emoji' });
      await search.waitFor();
      await eventually(() => search.evaluate((field) => String(field === document.activeElement))).toBe('true');
      expect(await seriousIssues(bob.page)).toEqual([]);
      await bob.page.keyboard.type('tada');
      await bob.page.getByRole('button', { name: 'party popper', exact: true }).waitFor();
      await bob.page.keyboard.press('Enter');
      for (const person of [ada, bob]) await chip(person, 'shall we?', '🎉').waitFor();
      await eventually(() => focusedLabel(bob)).toBe('Add a reaction');
      expect(await chip(bob, 'shall we?', '🎉').getAttribute('aria-pressed')).toBe('true');
      await chip(ada, 'shall we?', '🎉').click();
      for (const person of [ada, bob])
        await messageOf(person, 'shall we?').getByRole('button', { name: '🎉, 2 people' }).waitFor();
      await chip(bob, 'shall we?', '🎉').focus();
      await bob.page.getByRole('tooltip').getByText('You and Ada Lovelace reacted with 🎉').waitFor();
      await chip(bob, 'shall we?', '🎉').click();
      await chip(ada, 'shall we?', '🎉').click();
      for (const person of [ada, bob]) await chip(person, 'shall we?', '🎉').waitFor({ state: 'detached' });
    });

    test('the picker remembers what was used and the skin tone, and its arrow keys move in rows', async () => {
      await messageOf(ada, 'shall we?').getByRole('button', { name: 'Add a reaction' }).click();
      await ada.page.getByRole('combobox', { name: 'Skin tone' }).selectOption('3');
      await ada.page.getByRole('searchbox', { name: 'Search emoji' }).fill('thumbsup');
      await ada.page.getByRole('button', { name: 'thumbs up', exact: true }).click();
      await chip(ada, 'shall we?', '👍🏽').waitFor();
      await messageOf(ada, 'shall we?').getByRole('button', { name: 'Add a reaction' }).first().click();
      const recent = ada.page.getByRole('region', { name: 'Recent' });
      await recent.getByRole('button', { name: 'thumbs up' }).waitFor();
      await ada.page.getByRole('button', { name: 'grinning face', exact: true }).focus();
      await ada.page.keyboard.press('ArrowRight');
      expect(await focusedLabel(ada)).toBe('grinning face with big eyes');
      const top = await topOfFocus(ada);
      await ada.page.keyboard.press('ArrowDown');
      expect(await topOfFocus(ada)).toBeGreaterThan(top);
      await ada.page.keyboard.press('ArrowUp');
      expect(await focusedLabel(ada)).toBe('grinning face with big eyes');
      await ada.page.keyboard.press('Escape');
      await recent.waitFor({ state: 'detached' });
      expect(await focusedLabel(ada)).toBe('Add a reaction');
    });

    test('people, channels and emoji are completed by keyboard, and who is mentioned sees it', async () => {
      const area = ada.page.getByRole('textbox', { name: 'Message to general' });
      const option = (name: string | RegExp) => ada.page.getByRole('option', { name });
      await area.pressSequentially('hi @bem');
      await option('Bob Bemer').waitFor();
      expect(await seriousIssues(ada.page)).toEqual([]);
      await area.press('Enter');
      await area.pressSequentially('in #gen');
      await option('#general').waitFor();
      await area.press('Tab');
      await area.pressSequentially(':tad');
      await option(/:tada:/).waitFor();
      await area.press('ArrowDown');
      await area.press('ArrowUp');
      await area.press('Enter');
      await eventually(() => area.inputValue()).toBe('hi @Bob Bemer in #general 🎉 ');
      await area.pressSequentially('@ad');
      await area.press('Enter');
      const got = messageOf(bob, 'hi @Bob Bemer in #general 🎉');
      await got.locator('.mention[data-own="true"]', { hasText: '@Bob Bemer' }).waitFor();
      await got.getByRole('link', { name: '#general' }).waitFor();
      expect(await got.getAttribute('data-mentions')).toBe('true');
      const spoken = bob.page.getByRole('log', { name: 'New messages' }).locator('p');
      await spoken.filter({ hasText: 'Ada Lovelace: hi @Bob Bemer in #general' }).waitFor();
      const own = messageOf(ada, 'hi @Bob Bemer');
      expect(await own.getAttribute('data-mentions')).toBe('false');
      await own.hover();
      await own.getByRole('button', { name: 'Edit message' }).click();
      const editor = ada.page.getByRole('textbox', { name: 'Edit message' });
      await eventually(() => editor.inputValue()).toContain('hi @Bob Bemer in #general');
      await editor.fill('hello @Bob Bemer, **now**');
      await editor.press('Enter');
      await messageOf(bob, 'hello @Bob Bemer, now').locator('.mention[data-own="true"]').waitFor();
      await messageOf(bob, 'hello @Bob Bemer, now').locator('strong', { hasText: 'now' }).last().waitFor();
    });

    test('replies appear beside the chat in both windows, are counted, and are no messages of the chat', async () => {
      await ada.send('who brings the cards?');
      await bob.sees('who brings the cards?');
      await messageOf(bob, 'who brings the cards?').hover();
      await messageOf(bob, 'who brings the cards?').getByRole('link', { name: 'Reply in thread' }).click();
      const reply = bob.page.getByRole('textbox', { name: 'Reply in the thread in general' });
      await reply.fill('I do');
      await reply.press('Enter');
      const thread = bob.page.getByRole('complementary', { name: 'Thread' });
      await thread.locator('.message[data-state="sent"]', { hasText: 'I do' }).waitFor();
      expect(await seriousIssues(bob.page)).toEqual([]);
      const line = messageOf(ada, 'who brings the cards?').getByRole('link', { name: /1 new reply/ });
      await line.waitFor();
      expect(await ada.shown()).not.toContain('I do');
      await ada.page.getByRole('link', { name: /Threads 1 unread/ }).click();
      await ada.page.getByRole('link', { name: /who brings the cards.*1 reply/ }).waitFor();
      expect(await seriousIssues(ada.page)).toEqual([]);
      await ada.page.getByRole('link', { name: /who brings the cards/ }).click();
      await ada.page.getByRole('complementary', { name: 'Thread' }).getByText('I do', { exact: true }).waitFor();
      await ada.page.getByRole('link', { name: 'Threads', exact: true }).waitFor();
    });

    test('the draft of a reply is kept, and closing the thread gives the focus back', async () => {
      const reply = bob.page.getByRole('textbox', { name: 'Reply in the thread in general' });
      await reply.fill('and the pens');
      await bob.page.getByRole('link', { name: 'Close the thread' }).click();
      await reply.waitFor({ state: 'detached' });
      const line = messageOf(bob, 'who brings the cards?').getByRole('link', { name: /1 reply/ });
      await line.focus();
      await bob.page.keyboard.press('Enter');
      await eventually(() => reply.inputValue()).toBe('and the pens');
      await bob.page.getByRole('link', { name: 'Close the thread' }).focus();
      await bob.page.keyboard.press('Enter');
      await eventually(() => line.evaluate((link) => String(link === document.activeElement))).toBe('true');
    });

    test('the last own reply is edited by the arrow key', async () => {
      await messageOf(bob, 'who brings the cards?')
        .getByRole('link', { name: /1 reply/ })
        .click();
      const reply = bob.page.getByRole('textbox', { name: 'Reply in the thread in general' });
      await reply.fill('');
      await reply.press('ArrowUp');
      const editor = bob.page.getByRole('textbox', { name: 'Edit message' });
      await eventually(() => editor.inputValue()).toBe('I do');
      await editor.fill('I bring them');
      await editor.press('Enter');
      await eventually(() => focusedLabel(bob)).toBe('Reply in the thread in general');
      const thread = ada.page.getByRole('complementary', { name: 'Thread' });
      await thread.getByText('I bring them', { exact: true }).waitFor();
      await bob.page.getByRole('link', { name: 'Close the thread' }).click();
    });

    test('a thread can be unfollowed and followed again', async () => {
      const follow = ada.button('Follow this thread');
      expect(await follow.getAttribute('aria-pressed')).toBe('true');
      await follow.click();
      await eventually(() => follow.getAttribute('aria-pressed')).toBe('false');
      await follow.click();
      await eventually(() => follow.getAttribute('aria-pressed')).toBe('true');
    });

    test('a deleted message with replies stays as a place for them', async () => {
      await ada.page.getByRole('link', { name: 'Close the thread' }).click();
      await deleteMessage(messageOf(ada, 'who brings the cards?'));
      for (const person of [ada, bob]) {
        const place = person.page.getByRole('main').locator('.message', { hasText: 'This message was deleted.' });
        await place.getByRole('link', { name: /1 reply/ }).waitFor();
      }
    });

    test('on a phone’s width a thread covers the chat, and goes back to it', async () => {
      await bob.page.setViewportSize({ width: 320, height: 640 });
      await bob.page.getByRole('link', { name: /1 reply/ }).click();
      await bob.page
        .getByRole('complementary', { name: 'Thread' })
        .getByText('I bring them', { exact: true })
        .waitFor();
      expect(await bob.page.getByRole('main').isVisible()).toBe(false);
      expect(await bob.page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
      expect(await seriousIssues(bob.page)).toEqual([]);
      await bob.page.getByRole('link', { name: 'Back to the conversation' }).click();
      await bob.page.getByRole('textbox', { name: 'Message to general' }).waitFor();
      await bob.page.setViewportSize({ width: 1200, height: 760 });
      await openChat(bob, 'general');
      // A busy service refuses calls, which are made again.
      const complaints = [...ada.complaints, ...bob.complaints].filter((text) => !text.includes('503'));
      expect(complaints).toEqual([]);
    });
  },
);

/** A message of the open chat. */
const messageOf = ({ page }: Pick<BrowserPerson, 'page'>, text: string): Locator =>
  page.getByRole('main').locator('.message', { hasText: text });

const focusedLabel = ({ page }: BrowserPerson): Promise<string> =>
  page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? '');

const topOfFocus = ({ page }: BrowserPerson): Promise<number> =>
  page.evaluate(() => document.activeElement?.getBoundingClientRect().top ?? 0);
