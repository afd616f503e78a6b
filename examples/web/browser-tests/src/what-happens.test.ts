import { createFechatter, type FechatterClient } from '@fechatter/client';
import { chromiumPath, launchChromium } from '@fechatter/testing/chromium';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BrowserPerson, openChat, PASSWORD, twoInChannel } from './browser-person.ts';
import { eventually } from './eventually.ts';
import { seriousIssues } from './serious-issues.ts';
import { type Services, startServices } from './services.ts';

describe.skipIf(chromiumPath === undefined)(
  'what happens besides messages, in Chromium, where one is installed',
  { timeout: 240_000 },
  () => {
    let services: Services;
    let browser: Browser;
    let ada: BrowserPerson;
    let bob: BrowserPerson;
    /** The same people on another device. */
    let her: FechatterClient;
    let his: FechatterClient;
    let carol: FechatterClient;
    let workspaceId: string;
    let generalId: string;
    beforeAll(async () => {
      services = await startServices();
      browser = await launchChromium();
      [ada, bob] = await twoInChannel(browser, services.serverUrl);
      [her, his] = [createFechatter(services), createFechatter(services)];
      await her.auth.signin.mutate({ email: ada.email, password: PASSWORD });
      await his.auth.signin.mutate({ email: bob.email, password: PASSWORD });
      const [general] = (await her.chat.list.query()).chats;
      [workspaceId, generalId] = [general?.workspaceId ?? '', general?.id ?? ''];
      carol = await inWorkspace('Carol Shaw');
    }, 240_000);
    afterAll(async () => {
      await browser.close();
      await services[Symbol.asyncDispose]();
    });

    /** A new member of the workspace. */
    async function inWorkspace(fullName: string): Promise<FechatterClient> {
      const client = createFechatter(services);
      const email = `${fullName.replace(' ', '-')}-${Date.now()}@example.com`.toLowerCase();
      await client.auth.signup.mutate({ email, password: PASSWORD, fullName });
      const { token } = await her.workspace.invite.mutate({ workspaceId, role: 'Member' });
      await client.workspace.acceptInvite.mutate({ token });
      return client;
    }
    const idOf = ({ session }: FechatterClient) => session?.id ?? '';
    const line = ({ page }: BrowserPerson, text: string) => page.locator('.system').getByText(text, { exact: true });

    test('who joins is one line between the messages, in both windows, and is announced once', async () => {
      await ada.send('before');
      await bob.sees('before');
      await carol.chat.join.mutate({ chatId: generalId });
      for (const person of [ada, bob]) await line(person, 'Carol Shaw joined.').waitFor();
      await ada.send('after');
      await bob.sees('after');
      expect(await shownRows(bob)).toEqual(['before', 'Carol Shaw joined.', 'after']);
      const names = ['Dan Ingalls', 'Eve Test', 'Frances Allen', 'Grace Hopper'];
      for (const name of names) await (await inWorkspace(name)).chat.join.mutate({ chatId: generalId });
      await line(bob, 'Dan Ingalls, Eve Test, and 2 others joined.').waitFor();
      expect(await shownRows(bob)).toHaveLength(4);
      const spoken = bob.page.getByRole('log', { name: 'New messages' }).locator('p');
      expect(await spoken.filter({ hasText: 'Carol Shaw joined.' }).count()).toBe(1);
      expect(await bob.page.title()).not.toMatch(/^\(/);
      expect(await seriousIssues(bob.page)).toEqual([]);
    });

    test('a new topic, a new name and a removal say who did it, and stay while another chat is open', async () => {
      await her.chat.update.mutate({ chatId: generalId, topic: 'Looms' });
      await line(bob, 'Ada Lovelace changed the topic to “Looms”.').waitFor();
      await line(ada, 'You changed the topic to “Looms”.').waitFor();
      await her.chat.removeMember.mutate({ chatId: generalId, userId: idOf(carol) });
      await line(bob, 'Ada Lovelace removed Carol Shaw.').waitFor();
      await her.chat.addMembers.mutate({ chatId: generalId, userIds: [idOf(carol)] });
      await line(bob, 'Ada Lovelace added Carol Shaw.').waitFor();
      await her.chat.update.mutate({ chatId: generalId, name: 'lobby' });
      await line(bob, 'Ada Lovelace renamed this from “general” to “lobby”.').waitFor();
      await her.chat.create.mutate({ name: 'other', chatType: 'PublicChannel', workspaceId, memberIds: [idOf(his)] });
      await openChat(bob, 'other');
      await openChat(bob, 'lobby');
      await line(bob, 'Ada Lovelace changed the topic to “Looms”.').waitFor();
      expect(bob.complaints).toEqual([]);
    });

    test('in a group the last own message shows who has seen it, live, of those who show that', async () => {
      const memberIds = [idOf(his), idOf(carol)];
      const { id: chatId } = await her.chat.create.mutate({ name: 'Trio', chatType: 'Group', workspaceId, memberIds });
      await openChat(ada, 'Trio');
      await ada.send('read me');
      await ada.sees('read me');
      const seen = (names: string) => ada.page.getByRole('button', { name: `Seen by ${names}`, exact: true });
      await openChat(bob, 'Trio');
      await seen('Bob Bemer').waitFor();
      const number = () => her.chat.get.query({ chatId }).then(({ lastNumber }) => lastNumber);
      await carol.chat.markRead.mutate({ chatId, number: await number() });
      await seen('Bob Bemer and Carol Shaw').waitFor();
      expect(await seriousIssues(ada.page)).toEqual([]);
      await his.user.setPreferences.mutate({ showReceipts: false });
      await ada.send('and me');
      await bob.sees('and me');
      await eventually(async () => (await his.chat.get.query({ chatId })).unreadCount).toBe(0);
      await carol.chat.markRead.mutate({ chatId, number: await number() });
      await seen('Carol Shaw').waitFor();
      await seen('Carol Shaw').click();
      await ada.page.getByRole('dialog', { name: 'Who has read it' }).getByText('Carol Shaw').waitFor();
      await ada.page.keyboard.press('Escape');
      await her.user.setPreferences.mutate({ showReceipts: false });
      await ada.page.getByText(/^Seen by/).waitFor({ state: 'detached' });
      await his.user.setPreferences.mutate({ showReceipts: true });
      await her.user.setPreferences.mutate({ showReceipts: true });
    });

    test('a name opens a card by keyboard, which mentions the person and opens their conversation', async () => {
      await openChat(bob, 'lobby');
      const name = bob.page.locator('.message').getByRole('button', { name: 'Ada Lovelace', exact: true }).last();
      const card = bob.page.getByRole('dialog', { name: 'About Ada Lovelace' });
      await name.focus();
      await bob.page.keyboard.press('Enter');
      await card.getByText('online').waitFor({ state: 'attached' });
      await eventually(() => focusedText(bob)).toBe('Message');
      expect(await seriousIssues(bob.page)).toEqual([]);
      await bob.page.keyboard.press('Escape');
      await card.waitFor({ state: 'detached' });
      await eventually(() => focusedText(bob)).toBe('Ada Lovelace');
      await bob.page.keyboard.press('Enter');
      await card.getByRole('button', { name: 'Mention' }).click();
      const area = bob.page.getByRole('textbox', { name: 'Message to lobby' });
      await eventually(() => area.inputValue()).toBe('@Ada Lovelace ');
      await area.pressSequentially('look');
      await area.press('Enter');
      const mention = ada.page.locator('.mention', { hasText: '@Ada Lovelace' });
      await openChat(ada, 'lobby');
      await mention.click();
      await ada.page.getByRole('dialog', { name: 'About Ada Lovelace' }).getByText('This is you.').waitFor();
      await ada.page.keyboard.press('Escape');
      await name.click();
      await card.getByRole('button', { name: 'Message' }).click();
      await bob.page.getByRole('textbox', { name: 'Message to Ada Lovelace' }).waitFor();
      expect([...ada.complaints, ...bob.complaints]).toEqual([]);
    });

    test('a channel that is named leads there if it can be read', async () => {
      const make = (chatType: 'PublicChannel' | 'PrivateChannel') =>
        her.chat.create.mutate({ name: chatType, chatType, workspaceId, memberIds: [] });
      const [open, closed] = [await make('PublicChannel'), await make('PrivateChannel')];
      await her.message.send.mutate({ chatId: generalId, content: `see <#${open.id}> and <#${closed.id}>` });
      await openChat(bob, 'lobby');
      await bob.page.getByText('#another channel').waitFor();
      expect(await bob.page.getByRole('link', { name: '#another channel' }).count()).toBe(0);
      await bob.page.getByRole('link', { name: '#PublicChannel' }).click();
      await bob.page.getByRole('button', { name: 'Join PublicChannel' }).waitFor();
    });
  },
);

/** The texts of the list, in order. */
const shownRows = ({ page }: BrowserPerson): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('.line')]
      .toSorted((a, b) => Number(a.dataset['index']) - Number(b.dataset['index']))
      .map((row) => row.querySelector<HTMLElement>('.text, .system')?.innerText ?? ''),
  );

const focusedText = ({ page }: BrowserPerson) => page.evaluate(() => document.activeElement?.textContent ?? '');
