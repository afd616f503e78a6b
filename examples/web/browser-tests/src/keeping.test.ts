import { chromiumPath, launchChromium } from '@fechatter/testing/chromium';
import type { Browser, Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BrowserPerson, openChat, twoInChannel } from './browser-person.ts';
import { eventually } from './eventually.ts';
import { holdAnswers } from './hold-answers.ts';
import { seriousIssues } from './serious-issues.ts';
import { type Services, startServices } from './services.ts';

describe.skipIf(chromiumPath === undefined)(
  'quoting, pinning, saving and finding messages in Chromium, where one is installed',
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
      await ada.context.grantPermissions(['clipboard-read', 'clipboard-write']);
    }, 240_000);
    afterAll(async () => {
      await browser.close();
      await services[Symbol.asyncDispose]();
    });

    test('a quote shows what it quotes, leads there, follows an edit, and outlives a deletion', async () => {
      await ada.send('the first plan');
      await bob.sees('the first plan');
      await choose(bob, 'the first plan', 'Quote');
      await bob.page.getByText('Quoting Ada Lovelace').waitFor();
      await eventually(() => focusedLabel(bob)).toBe('Message to general');
      const general = await bob.page.evaluate(() => location.hash);
      await bob.page.evaluate(() => (location.hash = location.hash.replace(/[^/]+$/, 'saved')));
      await bob.page.getByRole('heading', { name: 'Saved messages' }).waitFor();
      await bob.page.evaluate((hash) => (location.hash = hash), general);
      await bob.page.getByText('Quoting Ada Lovelace').waitFor();
      await bob.send('I like it');
      const quote = messageOf(ada, 'I like it').getByRole('link', { name: /^Ada Lovelace the (first|second) plan$/ });
      await eventually(() => quote.textContent()).toBe('Ada Lovelace the first plan');
      expect(await bob.page.getByText('Quoting Ada Lovelace').count()).toBe(0);
      const composer = ada.page.getByRole('textbox', { name: 'Message to general' });
      await composer.focus();
      await ada.page.keyboard.press('ArrowUp');
      const editor = ada.page.getByRole('textbox', { name: 'Edit message' });
      await eventually(() => editor.inputValue()).toBe('the first plan');
      await editor.fill('the second plan');
      await editor.press('Enter');
      await eventually(() => focusedLabel(ada)).toBe('Message to general');
      await eventually(() => messageOf(bob, 'I like it').locator('a.quote').textContent()).toContain('the second plan');
      await quote.click();
      await ada.page.locator('.line[data-found="true"]', { hasText: 'the second plan' }).waitFor();
      await choose(ada, 'the second plan', 'Delete message');
      await ada.page.getByRole('menuitem', { name: 'Delete for everyone?' }).click();
      for (const person of [ada, bob]) await messageOf(person, 'I like it').getByText('was deleted').waitFor();
    });

    test('a message that is deleted while it is being quoted is not quoted, and what was written is sent', async () => {
      await ada.send('said too soon');
      await bob.sees('said too soon');
      await choose(bob, 'said too soon', 'Quote');
      await bob.page.getByText('Quoting Ada Lovelace').waitFor();
      await choose(ada, 'said too soon', 'Delete message');
      await ada.page.getByRole('menuitem', { name: 'Delete for everyone?' }).click();
      await bob.page.getByText('Quoting Ada Lovelace').waitFor({ state: 'detached' });
      await bob.send('never mind');
      await ada.sees('never mind');
    });

    test('pinned messages are listed for everyone in the chat, and lead to their place', async () => {
      await ada.send('keep this');
      await bob.sees('keep this');
      await choose(ada, 'keep this', 'Pin');
      await messageOf(bob, 'keep this').getByText('Pinned').waitFor();
      await openMenu(bob, 'keep this');
      expect(await bob.page.getByRole('menuitem', { name: 'Pin' }).count()).toBe(0);
      await bob.page.keyboard.press('Escape');
      await bob.button('Pinned messages').click();
      const dialog = bob.page.getByRole('dialog', { name: 'Pinned in general' });
      await dialog.getByRole('link', { name: /keep this/ }).waitFor();
      expect(await seriousIssues(bob.page)).toEqual([]);
      await dialog.getByRole('link', { name: /keep this/ }).click();
      await bob.page.locator('.line[data-found="true"]', { hasText: 'keep this' }).waitFor();
      await ada.button('Pinned messages').click();
      await ada.button('Unpin').click();
      await ada.page.getByText('Nothing is pinned here.').waitFor();
      await ada.page.keyboard.press('Escape');
      await messageOf(bob, 'keep this').getByText('Pinned').waitFor({ state: 'detached' });
    });

    test('saved messages are listed for the person alone', async () => {
      await choose(bob, 'keep this', 'Save for later');
      await messageOf(bob, 'keep this').getByText('Saved').waitFor();
      expect(await messageOf(ada, 'keep this').getByText('Saved').count()).toBe(0);
      await bob.page.getByRole('link', { name: 'Saved messages' }).click();
      await bob.page.getByRole('link', { name: /keep this/ }).waitFor();
      expect(await seriousIssues(bob.page)).toEqual([]);
      await bob.button('Remove from saved').click();
      await bob.page.getByText('Nothing is saved.').waitFor();
      await openChat(bob, 'general');
    });

    test('a copied link leads another person to the message', async () => {
      await choose(ada, 'keep this', 'Copy link');
      await eventually(() => ada.page.evaluate(() => navigator.clipboard.readText())).toContain('/#/');
      const link = await ada.page.evaluate(() => navigator.clipboard.readText());
      await bob.page.goto(link);
      await bob.page.locator('.line[data-found="true"]', { hasText: 'keep this' }).waitFor();
    });

    test('a chat that is marked as unread stays so until the person comes back to it', async () => {
      await bob.send('something new');
      await ada.sees('something new');
      await choose(ada, 'something new', 'Mark as unread');
      const unread = ada.page.getByRole('link', { name: /general 1 unread/ });
      await unread.waitFor();
      await ada.page.getByText('New messages').first().waitFor();
      await ada.page.locator('.scroller').evaluate((box) => box.dispatchEvent(new Event('scroll')));
      await ada.page.getByRole('link', { name: 'Saved messages' }).click();
      await ada.page.getByText('Nothing is saved.').waitFor();
      await unread.waitFor();
      await unread.click();
      await unread.waitFor({ state: 'detached' });
    });

    test('a chat is marked as unread before the page has marked it as read, and while the request is under way', async () => {
      await openChat(ada, 'general');
      await unreadLink(ada, 'general', 2).waitFor({ state: 'detached' });
      // Reading takes a moment, or arrives late: nothing of it has arrived when the person chooses.
      await ada.page.route('**/trpc/chat.markRead*', (route) => route.abort());
      await bob.send('too fast to be read');
      await ada.sees('too fast to be read');
      const held = await holdAnswers(ada.page, 'chat.markUnread');
      await choose(ada, 'too fast to be read', 'Mark as unread');
      await looks(ada);
      await ada.page.unroute('**/trpc/chat.markRead*');
      await held.letThrough();
      await ada.page.getByText('New messages').waitFor();
      await looks(ada);
      await ada.page.getByRole('link', { name: 'Saved messages' }).click();
      await ada.page.getByText('Nothing is saved.').waitFor();
      await bob.send('and one more');
      await unreadLink(ada, 'general', 2).waitFor();
    });
  },
);

/** A message of the open chat. */
const messageOf = ({ page }: BrowserPerson, text: string): Locator =>
  page
    .getByRole('main')
    .locator('.message')
    .filter({ has: page.locator('.text', { hasText: text }) });

async function openMenu(person: BrowserPerson, text: string): Promise<void> {
  await messageOf(person, text).hover();
  await messageOf(person, text).getByRole('button', { name: 'More actions' }).click();
  await person.page.getByRole('menu').waitFor();
}

async function choose(person: BrowserPerson, text: string, action: string): Promise<void> {
  await openMenu(person, text);
  await person.page.getByRole('menuitem', { name: action, exact: true }).click();
}

const unreadLink = ({ page }: BrowserPerson, chat: string, count: number): Locator =>
  page.getByRole('link', { name: new RegExp(`${chat} ${count} unread`) });

/** The page looks at what is on the screen, as it does after scrolling; a later timer ends after an earlier one. */
const looks = ({ page }: BrowserPerson): Promise<void> =>
  page.locator('.scroller').evaluate(async (box) => {
    box.dispatchEvent(new Event('scroll'));
    await new Promise((resolve) => setTimeout(resolve, 500));
  });

const focusedLabel = ({ page }: BrowserPerson): Promise<string> =>
  page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? '');
