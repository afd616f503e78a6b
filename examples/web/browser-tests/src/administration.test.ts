import { createFechatter } from '@fechatter/client';
import { chromiumPath, launchChromium } from '@fechatter/testing/chromium';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inviteLinkOf, newcomer, openChat, PASSWORD, twoInChannel } from './browser-person.ts';
import { clippedIn } from './clipped-in.ts';
import { eventually } from './eventually.ts';
import { pictureOf } from './picture-of.ts';
import { seriousIssues } from './serious-issues.ts';
import { type Services, startServices } from './services.ts';

describe.skipIf(chromiumPath === undefined)(
  'administration in Chromium, where one is installed',
  { timeout: 240_000 },
  () => {
    let services: Services;
    let browser: Browser;
    beforeAll(async () => {
      services = await startServices();
      browser = await launchChromium();
    }, 240_000);
    afterAll(async () => {
      await browser.close();
      await services[Symbol.asyncDispose]();
    });

    test('a channel has a topic, closes to Members, and is archived and brought back, live for both', async () => {
      const [ada, bob] = await twoInChannel(browser, services.serverUrl);
      await using _ada = ada;
      await using _bob = bob;
      await ada.button('Members').click();
      await unfold(ada.page, 'Topic and who writes');
      await ada.field('Topic').fill('Cards, and what weaves them');
      await ada.field('Who writes new messages').selectOption('Only Admins and Owners');
      await ada.button('Save').click();
      await bob.page.getByText('Cards, and what weaves them', { exact: true }).waitFor();
      await bob.page.getByText('Only Admins and Owners of this conversation write here.').waitFor();
      expect(await bob.page.getByRole('textbox', { name: /^Message to/ }).count()).toBe(0);
      await ada.button('Archive').click();
      await ada.button('Archive it? Nothing new can be written.').click();
      await ada.button('Bring it back from the archive').waitFor();
      for (const person of [ada, bob]) await person.page.getByText('This conversation is archived').first().waitFor();
      expect(await seriousIssues(bob.page)).toEqual([]);

      await bob.button('Browse channels').click();
      const row = bob.page.getByRole('listitem').filter({ hasText: '# general' });
      await row.getByText('Cards, and what weaves them').waitFor();
      await row.getByText('2 members · archived').waitFor();
      await bob.page.keyboard.press('Escape');

      await ada.button('Bring it back from the archive').click();
      await ada.field('Who writes new messages').selectOption('All members');
      await ada.button('Save').click();
      await bob.page.getByRole('textbox', { name: 'Message to general' }).waitFor();
    });

    test('an emoji is added with its picture, shown to everyone, refused by name, and deleted', async () => {
      const [ada, bob] = await twoInChannel(browser, services.serverUrl);
      await using _ada = ada;
      await using _bob = bob;
      await ada.button('Workspace settings').click();
      await unfold(ada.page, 'Emoji');
      await ada.page.getByText('There is none yet.').waitFor();
      await unfold(ada.page, 'New emoji');
      await ada.field('Its name').fill('Not A Name');
      const picture = { name: 'cog.png', mimeType: 'image/png', buffer: await pictureOf(ada.page, 64, 64, 'teal') };
      await ada.field('Its picture').setInputFiles(picture);
      await ada.button('Add emoji').click();
      await ada.page.getByRole('alert').getByText('2 to 32 small letters').waitFor();
      await ada.field('Its name').fill('cog');
      await ada.button('Add emoji').click();
      const cog = ada.page.getByRole('listitem').filter({ hasText: ':cog:' });
      const whenChecked = async () => {
        await services.checkFiles();
        return cog.count();
      };
      await eventually(whenChecked).toBe(1);
      await cog.getByRole('img', { name: ':cog:' }).waitFor();
      expect(await seriousIssues(ada.page)).toEqual([]);
      await ada.page.setViewportSize({ width: 320, height: 700 });
      expect(await clippedIn(ada.page.getByRole('dialog'))).toEqual([]);
      await cog.getByRole('button', { name: 'Delete :cog:' }).or(cog.getByRole('button')).first().click();
      await cog.getByRole('button', { name: 'Delete it?' }).click();
      await cog.waitFor({ state: 'detached' });
    });

    test('who is invited lands in the first channel, also where there is no general one', async () => {
      const [ada, bob] = await twoInChannel(browser, services.serverUrl);
      await using _ada = ada;
      await using _bob = bob;
      const link = await inviteLinkOf(ada);
      {
        await using cyd = await newcomer(browser, link, 'Cyd Byte');
        await cyd.button('Accept').click();
        await cyd.page.getByRole('textbox', { name: 'Message to general' }).waitFor();
      }
      await ada.button('Members').click();
      await ada.page.getByText('Rename', { exact: true }).first().click();
      await ada.field('Name').fill('lobby');
      await ada.button('Rename').click();
      await ada.page.keyboard.press('Escape');
      await openChat(bob, 'lobby');
      await using dee = await newcomer(browser, link, 'Dee Dash');
      await dee.button('Accept').click();
      await dee.page.getByRole('textbox', { name: 'Message to lobby' }).waitFor();
    });

    test('what is refused is explained: the last Owner stays, and an invitation that was used up', async () => {
      const [ada, bob] = await twoInChannel(browser, services.serverUrl);
      await using _ada = ada;
      await using _bob = bob;
      await ada.button('People').click();
      await ada.button('Leave this workspace').click();
      await ada.button('Leave, and all its conversations?').click();
      await ada.page.getByRole('alert').getByText('The last owner must stay.').waitFor();
      await ada.page.keyboard.press('Escape');
      await using cyd = await newcomer(browser, `${services.serverUrl}/#/invite/${'x'.repeat(43)}`, 'Cyd Byte');
      await cyd.button('Accept').click();
      await cyd.page.getByRole('alert').getByText('This invitation does not exist or no longer works').waitFor();
    });

    test('who is removed while a dialog is open sees where they are, and nothing of the workspace', async () => {
      const [ada, bob] = await twoInChannel(browser, services.serverUrl);
      await using _ada = ada;
      await using _bob = bob;
      await bob.button('Browse channels').click();
      await bob.page.getByRole('dialog', { name: 'Browse channels' }).waitFor();
      const client = createFechatter(services);
      await client.auth.signin.mutate({ email: ada.email, password: PASSWORD });
      const { workspaces } = await client.workspace.list.query();
      const workspaceId = workspaces[0]?.id ?? '';
      const { members } = await client.workspace.members.query({ workspaceId });
      const userId = members.find(({ user }) => user.name === 'Bob Bemer')?.user.id ?? '';
      await client.workspace.removeMember.mutate({ workspaceId, userId });
      await bob.page.getByRole('heading', { name: /^Welcome/ }).waitFor();
      expect(await bob.page.getByRole('dialog').count()).toBe(0);
      expect(await bob.page.getByText('Analytical Engine').count()).toBe(0);
      expect(bob.complaints.filter((text) => !/40[34]/.test(text))).toEqual([]);
    });

    test('long names and names from right to left break nothing, at a desk and on a phone', async () => {
      const [ada, bob] = await twoInChannel(browser, services.serverUrl);
      await using _ada = ada;
      await using _bob = bob;
      const client = createFechatter(services);
      await client.auth.signin.mutate({ email: bob.email, password: PASSWORD });
      await client.user.update.mutate({ fullName: 'W'.repeat(100) });
      const admin = createFechatter(services);
      await admin.auth.signin.mutate({ email: ada.email, password: PASSWORD });
      const { workspaces } = await admin.workspace.list.query();
      const workspaceId = workspaces[0]?.id ?? '';
      for (const name of ['M'.repeat(100), `ערוץ ${'א'.repeat(90)}`])
        await admin.chat.create.mutate({ name, chatType: 'PublicChannel', workspaceId, memberIds: [] });
      await admin.workspace.update.mutate({ workspaceId, name: 'N'.repeat(100) });
      await ada.page.getByRole('heading', { name: 'NNNN' }).waitFor();
      for (const width of [320, 1_200]) {
        await ada.page.setViewportSize({ width, height: 700 });
        await ada.page.goto(`${services.serverUrl}/#/${workspaceId}`);
        expect(await widerThanScreen(ada.page)).toBe(0);
        for (const button of ['People', 'Browse channels', 'Workspace settings', 'New direct message', 'Go to…']) {
          await ada.button(button).click();
          const dialog = ada.page.getByRole('dialog');
          await dialog.locator('li, label').first().waitFor();
          expect(await clippedIn(dialog), `${button} ${width}`).toEqual([]);
          expect(await dialog.evaluate((box) => box.scrollWidth - box.clientWidth), `${button} ${width}`).toBe(0);
          await ada.page.keyboard.press('Escape');
          await dialog.waitFor({ state: 'detached' });
        }
        await ada.page.getByRole('link', { name: 'ערוץ' }).click();
        await ada.page.getByRole('textbox', { name: /^Message to/ }).waitFor();
        expect(await widerThanScreen(ada.page)).toBe(0);
      }
    });
  },
);

const unfold = (page: Page, summary: string) => page.locator('summary').getByText(summary, { exact: true }).click();

const widerThanScreen = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
