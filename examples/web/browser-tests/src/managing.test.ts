import { chromiumPath, launchChromium } from '@fechatter/testing/chromium';
import { readFile } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newcomer, openChat, PASSWORD, twoInChannel } from './browser-person.ts';
import { type Services, startServices } from './services.ts';

describe.skipIf(chromiumPath === undefined)(
  'managing in Chromium, where one is installed',
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

    test('an invitation has a role and a lifetime, and ends when it is revoked', async () => {
      const [ada, bob] = await twoInChannel(browser, services.serverUrl);
      await using _ada = ada;
      await using _bob = bob;
      await ada.button('Invite people').click();
      await ada.field('As').selectOption('Admin');
      await ada.field('It works for').selectOption('1 hour');
      await ada.field('For how many').fill('2');
      await ada.button('Make a link').click();
      const link = await ada.page.getByRole('textbox', { name: /^Send this link/ }).inputValue();
      const row = ada.page.getByRole('listitem').filter({ hasText: 'Link for a new Admin' });
      await row.getByText('0 of 2 used').waitFor();
      await row.getByRole('button', { name: 'Revoke' }).click();
      await row.getByRole('button', { name: 'Revoke it?' }).click();
      await row.waitFor({ state: 'detached' });
      await using cyd = await newcomer(browser, link, 'Cyd Byte');
      await cyd.button('Accept').click();
      await cyd.page.getByRole('alert').waitFor();
    });

    test('a Guest creates nothing and finds no one, until they become a Member', async () => {
      const [ada, bob] = await twoInChannel(browser, services.serverUrl);
      await using _ada = ada;
      await using _bob = bob;
      await ada.button('Invite people').click();
      await ada.field('As').selectOption('Guest');
      await ada.button('Make a link').click();
      const link = await ada.page.getByRole('textbox', { name: /^Send this link/ }).inputValue();
      await ada.page.keyboard.press('Escape');
      await using gus = await newcomer(browser, link, 'Gus Host');
      await gus.button('Accept').click();
      await gus.button('People').click();
      await gus.page.getByRole('listitem').filter({ hasText: 'Gus Host (you)' }).getByText('Guest').waitFor();
      expect(await gus.page.getByRole('dialog').getByRole('listitem').count()).toBe(1);
      for (const name of ['New channel', 'Browse channels', 'New direct message', 'Invite people'])
        expect(await gus.button(name).count()).toBe(0);
      await ada.button('People').click();
      const role = ada.page.getByLabel('Role of Gus Host');
      expect(await role.inputValue()).toBe('Guest');
      await role.selectOption('Member');
      await gus.page.getByRole('listitem').filter({ hasText: 'Ada' }).waitFor();
      await gus.page.keyboard.press('Escape');
      await gus.button('New channel').waitFor();
      expect(gus.complaints).toEqual([]);
    });

    test('a channel can be read before it is joined, and is live afterwards', async () => {
      const [ada, bob] = await twoInChannel(browser, services.serverUrl);
      await using _ada = ada;
      await using _bob = bob;
      await bob.button('New channel').click();
      await bob.field('Name').fill('looms');
      await bob.button('Create channel').click();
      await bob.page.getByRole('textbox', { name: 'Message to looms' }).waitFor();
      await bob.send('said before');
      await bob.sees('said before');
      await ada.button('Browse channels').click();
      await ada.page.getByRole('link', { name: '# looms' }).click();
      await ada.page.getByRole('region', { name: 'What was said in looms' }).getByText('said before').waitFor();
      await ada.button('Join looms').click();
      await ada.page.getByRole('textbox', { name: 'Message to looms' }).waitFor();
      await bob.send('said after');
      await ada.sees('said after');
      expect(await ada.shown()).toEqual(['said before', 'said after']);
    });

    test('renames and deletions are shown to everyone', async () => {
      const [ada, bob] = await twoInChannel(browser, services.serverUrl);
      await using _ada = ada;
      await using _bob = bob;
      await ada.button('Members').click();
      await ada.page.getByText('Rename', { exact: true }).first().click();
      await ada.field('Name').fill('lobby');
      await ada.button('Rename').click();
      await ada.button('Close').click();
      await openChat(bob, 'lobby');
      await ada.button('Workspace settings').click();
      await ada.field('Name').fill('Difference Engine');
      await ada.button('Save').click();
      await bob.page.getByRole('heading', { name: 'Difference Engine' }).waitFor();
      await ada.button('Members').click();
      await ada.button('Delete').click();
      await ada.button('Delete it for everyone?').click();
      for (const { page } of [ada, bob]) await page.getByRole('link', { name: 'lobby' }).waitFor({ state: 'detached' });
      await ada.page.goto(services.serverUrl);
      await ada.button('Workspace settings').click();
      await ada.button('Delete this workspace').click();
      await ada.button('Delete all of it, for everyone?').click();
      for (const { page } of [ada, bob]) await page.getByRole('heading', { name: /^Welcome/ }).waitFor();
    });

    test('an Owner reads the audit log, and sets the retention', async () => {
      const [ada, bob] = await twoInChannel(browser, services.serverUrl);
      await using _ada = ada;
      await using _bob = bob;
      await ada.button('Workspace settings').click();
      await ada.page.getByText('Audit log').click();
      await ada.page.getByRole('listitem').filter({ hasText: 'Bob Bemer joined the workspace' }).waitFor();
      await ada.page.getByText('How long messages are kept').click();
      await ada.field('Days').fill('30');
      await ada.button('Keep them so long').click();
      await ada.button('Close').click();
      await ada.button('Workspace settings').click();
      await ada.page.getByText('How long messages are kept').click();
      await expect.poll(() => ada.field('Days').inputValue()).toBe('30');
    });

    test('people export their data, and erase their account', async () => {
      const [ada, bob] = await twoInChannel(browser, services.serverUrl);
      await using _ada = ada;
      await using _bob = bob;
      await bob.send('I was here');
      await ada.sees('I was here');
      await bob.button('Account of Bob Bemer').click();
      const downloading = bob.page.waitForEvent('download');
      await bob.button('Export my data').click();
      const lines = await readFile(await (await downloading).path(), 'utf8');
      expect(lines).toContain('"content":"I was here"');
      await bob.page.getByText('Erase the account').click();
      const form = bob.page.locator('form').filter({ hasText: 'deleted for good' });
      await form.getByLabel('Password').fill(PASSWORD);
      await form.getByLabel('Type “erase”').fill('erase');
      await form.getByRole('button').click();
      await bob.page.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
      await ada.page.locator('.message', { hasText: 'I was here' }).waitFor({ state: 'detached' });
    });
  },
);
