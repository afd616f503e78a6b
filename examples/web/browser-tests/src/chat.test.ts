import { chromiumPath, launchChromium } from '@fechatter/testing/chromium';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deleteMessage, newcomer, openChat, twoByHand, twoInChannel } from './browser-person.ts';
import { holdAnswers } from './hold-answers.ts';
import { type Services, startServices } from './services.ts';

describe.skipIf(chromiumPath === undefined)(
  'the chat in Chromium, where one is installed',
  { timeout: 240_000 },
  () => {
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
    const two = () => twoInChannel(browser, services.serverUrl);

    test('two people join by an invitation and chat live, without an error in the browser’s console', async () => {
      const [ada, bob] = await twoByHand(browser, services.serverUrl);
      await using _ada = ada;
      await using _bob = bob;
      await ada.send('hello Bob');
      await bob.sees('hello Bob');
      await bob.send('hello Ada');
      await ada.sees('hello Ada');
      for (const person of [ada, bob]) {
        expect(await person.shown()).toEqual(['hello Bob', 'hello Ada']);
        expect(person.complaints).toEqual([]);
      }
      await ada.page.locator('.message', { hasText: 'hello Bob' }).hover();
      await ada.button('Edit message').click();
      await ada.field('Edit message').fill('hello dear Bob');
      await ada.field('Edit message').press('Enter');
      await bob.sees('hello dear Bob');
      const own = ada.page.locator('.message', { hasText: 'hello dear Bob' });
      await own.hover();
      await deleteMessage(own);
      await bob.page.locator('.message', { hasText: 'hello dear Bob' }).waitFor({ state: 'detached' });
      expect(await bob.shown()).toEqual(['hello Ada']);
    });

    test('a person who opens the channel of their new workspace before the page hears that it is made stays there', async () => {
      await using ada = await newcomer(browser, services.serverUrl, 'Ada Lovelace');
      const held = await holdAnswers(ada.page, 'chat.create');
      await ada.field('Name of the workspace').fill('Analytical Engine');
      await ada.button('Create workspace').click();
      await openChat(ada, 'general');
      const here = ada.page.url();
      await held.letThrough();
      await ada.send('still here');
      await ada.sees('still here');
      expect(ada.page.url()).toBe(here);
    });

    test('messages in other chats are counted until they are read, in every tab of the reader', async () => {
      const [ada, bob] = await two();
      await using _ada = ada;
      await using _bob = bob;
      await bob.button('New channel').click();
      await bob.field('Name').fill('looms');
      await bob.page.getByRole('button', { name: 'Create channel' }).click();
      await bob.page.getByRole('textbox', { name: 'Message to looms' }).waitFor();
      await ada.button('Browse channels').click();
      await ada.button('Join looms').click();
      await ada.page.getByRole('textbox', { name: 'Message to looms' }).waitFor();
      await ada.send('in the looms');
      await bob.sees('in the looms');
      await openChat(ada, 'general');
      const tab = await ada.context.newPage();
      await tab.goto(services.serverUrl);
      await bob.send('one');
      await bob.send('two');
      const badges = [ada.page, tab].map((page) => page.getByRole('link', { name: /looms 2 unread/ }));
      for (const badge of badges) await badge.waitFor();
      await openChat(ada, 'looms');
      await ada.page.getByText('New messages').waitFor();
      for (const badge of badges) await badge.waitFor({ state: 'detached' });
    });

    test('while notify is killed and restarted the page shows it, and no message is missing or repeated', async () => {
      const [ada, bob] = await two();
      await using _ada = ada;
      await using _bob = bob;
      await ada.send('before');
      await bob.sees('before');
      await services.withoutNotify(async () => {
        await bob.page.locator('.composer .connection:not([data-status="live"])').waitFor();
        await ada.send('meanwhile');
        await ada.sees('meanwhile');
        expect(await bob.shown()).toEqual(['before']);
      });
      await bob.sees('meanwhile');
      await bob.send('after');
      await ada.sees('after');
      for (const person of [ada, bob]) expect(await person.shown()).toEqual(['before', 'meanwhile', 'after']);
    });

    test('messages written offline are shown as pending, and arrive once and in order', async () => {
      const [ada, bob] = await two();
      await using _ada = ada;
      await using _bob = bob;
      await ada.send('online');
      await bob.sees('online');
      await ada.context.setOffline(true);
      await ada.page.locator('.composer .connection[data-status="offline"]').waitFor();
      for (const content of ['one', 'two', 'three']) await ada.send(content);
      await ada.page.locator('.composer .connection', { hasText: 'Offline, 3 messages wait to be sent' }).waitFor();
      const waiting = ada.page.locator('.message[data-state="pending"]');
      await waiting.nth(2).waitFor();
      expect(await waiting.count()).toBe(3);
      await bob.send('meanwhile');
      await bob.sees('meanwhile');
      await ada.context.setOffline(false);
      for (const person of [ada, bob]) {
        await person.sees('three');
        await person.sees('meanwhile');
        expect(await person.shown()).toEqual(['online', 'meanwhile', 'one', 'two', 'three']);
      }
    });

    test('a refused message shows its reason, and can be retried or discarded', async () => {
      const [ada, bob] = await two();
      await using _ada = ada;
      await using _bob = bob;
      await ada.button('New direct message').click();
      await ada.page.getByRole('checkbox', { name: 'Bob Bemer' }).check();
      await ada.button('Begin').click();
      await ada.page.getByRole('textbox', { name: 'Message to Bob Bemer' }).waitFor();
      await bob.button('People').click();
      await bob.button('Leave this workspace').click();
      await bob.button('Leave, and all its conversations?').click();
      await bob.page.getByRole('heading', { name: 'Welcome, Bob Bemer' }).waitFor();
      await ada.send('are you there?');
      const failed = ada.page.locator('.message[data-state="failed"]');
      await failed.getByText('Not sent: The other person has left the workspace.').waitFor();
      await ada.button('Try again').click();
      await failed.getByText('Not sent: The other person has left the workspace.').waitFor();
      await ada.button('Discard').click();
      await failed.waitFor({ state: 'detached' });
      expect(await ada.shown()).toEqual([]);
    });

    test('a sign-out in one tab ends the other', async () => {
      await using ada = await newcomer(browser, services.serverUrl, 'Ada Lovelace');
      const other = await ada.context.newPage();
      await other.goto(services.serverUrl);
      await other.getByRole('heading', { name: 'Welcome, Ada Lovelace' }).waitFor();
      await ada.button('Sign out').click();
      await other.getByText('You signed out in another tab.').waitFor();
      await ada.page.getByText('You are signed out.').waitFor();
      await ada.page.reload();
      await ada.button('Sign up').waitFor();
    });

    test('markup stays text, and only web addresses are links', async () => {
      const [ada, bob] = await two();
      await using _ada = ada;
      await using _bob = bob;
      const markup = '<script>document.title = "owned"</script><img src=x onerror="document.title = 1">';
      const text = `${markup} javascript:alert(1) https://a.example/?q="><b>`;
      await ada.send(text);
      await bob.sees(text);
      await bob.page.waitForFunction(() => document.title === 'general · Fechatter');
      expect(await bob.page.locator('.text :is(img, script, b)').count()).toBe(0);
      const links = await bob.page
        .locator('.text a')
        .evaluateAll((found) => found.map((link) => ['href', 'rel', 'target'].map((name) => link.getAttribute(name))));
      expect(links).toEqual([['https://a.example/?q=', 'noopener noreferrer nofollow', '_blank']]);
      expect(bob.complaints).toEqual([]);
    });

    test('the page works under both names of this machine', async () => {
      const address = services.serverUrl.replace('127.0.0.1', 'localhost');
      const [ada, bob] = await twoInChannel(browser, address);
      await using _ada = ada;
      await using _bob = bob;
      await ada.send('from localhost');
      await bob.sees('from localhost');
      expect(new URL(bob.page.url()).hostname).toBe('localhost');
      expect([...ada.complaints, ...bob.complaints]).toEqual([]);
    });
  },
);
