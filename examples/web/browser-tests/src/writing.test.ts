import { chromiumPath, launchChromium } from '@fechatter/testing/chromium';
import type { Browser, Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type BrowserPerson,
  deleteMessage,
  inviteLinkOf,
  openChat,
  PASSWORD,
  signUp,
  twoInChannel,
} from './browser-person.ts';
import { eventually } from './eventually.ts';
import { type Services, startServices } from './services.ts';

describe.skipIf(chromiumPath === undefined)('writing in Chromium, where one is installed', { timeout: 240_000 }, () => {
  let services: Services;
  let browser: Browser;
  let ada: BrowserPerson;
  let bob: BrowserPerson;
  beforeAll(async () => {
    services = await startServices();
    browser = await launchChromium();
    [ada, bob] = await twoInChannel(browser, services.serverUrl);
    for (const name of ['looms', 'cards', 'mills']) await newPrivateChannel(ada, name, 'Bob Bemer');
  }, 240_000);
  afterAll(async () => {
    await browser.close();
    await services[Symbol.asyncDispose]();
  });
  const composer = ({ page }: BrowserPerson) => page.getByRole('textbox', { name: /^Message to/ });

  test('a text that is too long is reported with its length, and is not cut', async () => {
    await openChat(ada, 'general');
    await composer(ada).fill('x'.repeat(100_000));
    await ada.page.getByText('This is too long for one message. 100,000 of 8,000 characters').waitFor();
    await composer(ada).press('Enter');
    expect(await ada.button('Send').isDisabled()).toBe(true);
    expect((await composer(ada).inputValue()).length).toBe(100_000);
    await ada.page.reload();
    await ada.page.getByText('100,000 of 8,000 characters').waitFor();
    await composer(ada).fill('y'.repeat(8_000));
    await composer(ada).press('Enter');
    await ada.page.locator('.message[data-state="sent"]', { hasText: 'yyy' }).waitFor();
    expect(await composer(ada).inputValue()).toBe('');
    const own = ada.page.locator('.message', { hasText: 'yyy' });
    await own.hover();
    await own.getByRole('button', { name: 'Edit message' }).click();
    await ada.field('Edit message').fill('z'.repeat(8_001));
    await ada.field('Edit message').press('Enter');
    await ada.page.getByText('This is too long for one message. 8,001 of 8,000 characters').waitFor();
    expect((await ada.field('Edit message').inputValue()).length).toBe(8_001);
    await ada.field('Edit message').press('Escape');
    await ada.field('Edit message').press('Escape');
    await ada.button('New channel').click();
    await ada.field('Name').fill('n'.repeat(130));
    await ada.page.getByText('At most 100 characters; these are 130.').waitFor();
    expect((await ada.field('Name').inputValue()).length).toBe(130);
    await ada.button('Close').click();
  });

  test('a draft survives other channels, a full storage and a reload until it is sent, and is shown only to its person', async () => {
    await openChat(ada, 'general');
    await composer(ada).fill('for the general');
    await openChat(ada, 'looms');
    expect(await composer(ada).inputValue()).toBe('');
    await ada.page.evaluate(() => {
      Storage.prototype.setItem = () => {
        throw new DOMException('full', 'QuotaExceededError');
      };
    });
    await composer(ada).fill('for the looms, in memory');
    await openChat(ada, 'general');
    await expectValue(composer(ada), 'for the general');
    await openChat(ada, 'looms');
    await expectValue(composer(ada), 'for the looms, in memory');
    await composer(ada).fill('');
    await openChat(ada, 'general');
    await ada.page.reload();
    await expectValue(composer(ada), 'for the general');
    const link = await inviteLinkOf(ada);
    await ada.button('Account of Ada Lovelace').click();
    await ada.page.getByText('One text that you have not sent is kept on this device').waitFor();
    await ada.page.getByRole('dialog').getByRole('button', { name: 'Sign out', exact: true }).last().click();
    await ada.page.getByText('You are signed out.').waitFor();
    const { page } = ada;
    await page.goto(link);
    await page.reload();
    await signUp(page, 'Cyd Byte');
    await ada.button('Accept').click();
    await openChat(ada, 'general');
    await expectValue(composer(ada), '');
    await ada.button('Account of Cyd Byte').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Sign out', exact: true }).last().click();
    await ada.field('E-mail').fill(ada.email);
    await ada.field('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await openChat(ada, 'general');
    await expectValue(composer(ada), 'for the general');
    await composer(ada).press('Enter');
    await ada.sees('for the general');
    await page.reload();
    await ada.sees('for the general');
    await expectValue(composer(ada), '');
  });

  test('an Enter of an input method sends no message, also in Safari’s order of events', async () => {
    await openChat(ada, 'cards');
    await ada.send('にほん');
    await ada.sees('にほん');
    await composer(ada).fill('とうきょう');
    await enterOfInputMethod(composer(ada));
    await expectValue(composer(ada), 'とうきょう');
    const own = ada.page.locator('.message', { hasText: 'にほん' });
    await own.hover();
    await own.getByRole('button', { name: 'Edit message' }).click();
    await ada.field('Edit message').fill('日本');
    await enterOfInputMethod(ada.field('Edit message'));
    await expectValue(ada.field('Edit message'), '日本');
    await ada.field('Edit message').press('Enter');
    await ada.sees('日本');
    await composer(ada).press('Enter');
    await ada.sees('とうきょう');
    expect(await ada.shown()).toEqual(['日本', 'とうきょう']);
  });

  test('an edited message is discarded only after a confirmation, and kept over a reload', async () => {
    await openChat(bob, 'general');
    await bob.send('as it was');
    await bob.sees('as it was');
    const own = bob.page.locator('.message', { hasText: 'as it was' });
    await own.hover();
    await own.getByRole('button', { name: 'Edit message' }).click();
    await bob.field('Edit message').fill('as it will be');
    await bob.field('Edit message').press('Escape');
    await bob.page.getByText('Press Escape again').waitFor();
    await bob.page.reload();
    await expectValue(bob.field('Edit message'), 'as it will be');
    await openChat(ada, 'general');
    const its = ada.page.locator('.message', { hasText: 'as it was' });
    await its.hover();
    await deleteMessage(its);
    await expectValue(bob.page.getByLabel('The message that you were changing was deleted:'), 'as it will be');
    await bob.button('Discard').click();
    await bob.button('Discard it?').click();
    await bob.page.getByLabel('The message that you were changing was deleted:').waitFor({ state: 'detached' });
  });

  test('a person who is removed while writing can still copy the text, from the chat and from the workspace', async () => {
    await openChat(bob, 'mills');
    await composer(bob).fill('half a thought');
    await bob.context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await openChat(ada, 'mills');
    await ada.button('Members').click();
    await remove(ada);
    await ada.button('Close').click();
    await expectValue(bob.page.getByLabel('You were writing here:'), 'half a thought');
    await openChat(bob, 'general');
    await composer(bob).fill('another thought');
    await bob.page.getByRole('link', { name: 'Text that was not sent' }).click();
    await bob.button('Copy').click();
    await bob.button('Copied').waitFor();
    expect(await bob.page.evaluate(() => navigator.clipboard.readText())).toBe('half a thought');
    await bob.button('Discard').click();
    await bob.button('Discard it?').click();
    await openChat(bob, 'general');
    await bob.page.getByRole('link', { name: 'Text that was not sent' }).waitFor({ state: 'detached' });
    await ada.button('People').click();
    await remove(ada);
    await ada.button('Close').click();
    await bob.page.getByRole('heading', { name: /^Welcome/ }).waitFor();
    await expectValue(bob.page.getByLabel('You were writing here:'), 'another thought');
  });
});

async function newPrivateChannel(person: BrowserPerson, name: string, other: string): Promise<void> {
  await person.button('New channel').click();
  await person.field('Name').fill(name);
  await person.page.getByText('Private: only its members see it').click();
  await person.page.getByRole('checkbox', { name: other }).check();
  await person.button('Create channel').click();
  await person.page.getByRole('textbox', { name: `Message to ${name}` }).waitFor();
}

/** Removes Bob, in the open dialog. */
async function remove({ page }: BrowserPerson): Promise<void> {
  const row = page.getByRole('listitem').filter({ hasText: 'Bob Bemer' });
  await row.getByRole('button', { name: 'Remove Bob Bemer' }).click();
  await row.getByRole('button', { name: 'Remove?' }).click();
  await row.waitFor({ state: 'detached' });
}

const expectValue = (field: Locator, value: string) => eventually(() => field.inputValue()).toBe(value);

/** Safari ends the composition first, and then sends the Enter that ended it. */
const enterOfInputMethod = (area: Locator) =>
  area.evaluate((element) => {
    element.dispatchEvent(new CompositionEvent('compositionstart', { bubbles: true }));
    element.dispatchEvent(new CompositionEvent('compositionend', { bubbles: true }));
    element.dispatchEvent(
      new KeyboardEvent('keydown', { key: 'Enter', keyCode: 229, bubbles: true, cancelable: true }),
    );
  });
