import { createFechatter, type FechatterClient } from '@fechatter/client';
import { createFiles } from '@fechatter/client/files';
import { chromiumPath, launchChromium } from '@fechatter/testing/chromium';
import type { Browser, Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BrowserPerson, PASSWORD, twoInChannel } from './browser-person.ts';
import { eventually } from './eventually.ts';
import { pictureOf } from './picture-of.ts';
import { seriousIssues } from './serious-issues.ts';
import { type Services, startServices } from './services.ts';

describe.skipIf(chromiumPath === undefined)(
  'code and emoji in Chromium, where one is installed',
  { timeout: 240_000 },
  () => {
    let services: Services;
    let browser: Browser;
    let ada: BrowserPerson;
    let bob: BrowserPerson;
    /** The same person on another device. */
    let her: FechatterClient;
    let chat: { readonly id: string; readonly workspaceId: string };
    beforeAll(async () => {
      services = await startServices();
      browser = await launchChromium();
      [ada, bob] = await twoInChannel(browser, services.serverUrl);
      await bob.context.grantPermissions(['clipboard-read', 'clipboard-write']);
      her = createFechatter(services);
      await her.auth.signin.mutate({ email: ada.email, password: PASSWORD });
      [chat = { id: '', workspaceId: '' }] = (await her.chat.list.query()).chats;
    }, 240_000);
    afterAll(async () => {
      await browser.close();
      await services[Symbol.asyncDispose]();
    });
    const say = (content: string) => her.message.send.mutate({ chatId: chat.id, content });
    /** Gives the workspace an emoji, and checks its picture as a worker does. */
    async function makeEmoji(name: string, colour: string): Promise<void> {
      const content = new Uint8Array(await pictureOf(ada.page, 64, 64, colour));
      const made = { isOver: false };
      const creating = createFiles(her)
        .createEmoji({ workspaceId: chat.workspaceId, name, content })
        .finally(() => (made.isOver = true));
      creating.catch(() => {});
      while (!made.isOver) await services.checkFiles();
      await creating;
    }
    const block = (text: string) => bob.page.locator('.code-block', { hasText: text });

    test('code in a known language is coloured in both schemes, and other code is as it was written', async () => {
      await say('```ts\nconst answer: number = 42; // <b>not bold</b>\n```');
      const code = block('const answer');
      await code.locator('.hljs-keyword', { hasText: 'const' }).waitFor();
      expect(await code.locator('pre').innerText()).toBe('const answer: number = 42; // <b>not bold</b>');
      expect(await code.locator('b').count()).toBe(0);
      await say(
        '```diff\n-gone\n+here\n```\n```sql\nselect count(*) from chats where name = \'a\';\n```\n```html\n<a href="x">y</a>\n```',
      );
      for (const sign of ['deletion', 'addition', 'keyword', 'name', 'attr', 'string'])
        await bob.page.locator(`.hljs-${sign}`).first().waitFor();
      for (const colorScheme of ['dark', 'light'] as const) {
        await bob.page.emulateMedia({ colorScheme });
        expect(await seriousIssues(bob.page)).toEqual([]);
      }
      await say('```nolanguage\nlet it = be\n```\nand\n```\nplain text\n```');
      await block('plain text').waitFor();
      expect(await block('let it = be').locator('span[class^="hljs"]').count()).toBe(0);
      expect(bob.complaints).toEqual([]);
    });

    test('a block is copied whole, also from a folded message, by keyboard', async () => {
      const lines = Array.from({ length: 100 }, (_, at) => `step_${at}()`).join('\n');
      await say(`\`\`\`py\n${lines}\n\`\`\``);
      const long = block('step_0()');
      await long.waitFor();
      expect(await long.innerText()).not.toContain('step_99()');
      await long.getByRole('button', { name: 'Copy code' }).focus();
      await bob.page.keyboard.press('Enter');
      await long.getByRole('status').getByText('Copied').waitFor();
      expect(await bob.page.evaluate(() => navigator.clipboard.readText())).toBe(lines);
    });

    test('a few emoji alone are enlarged', async () => {
      await ada.send('🎉 👍🏽');
      await ada.send('🎉 party');
      await bob.sees('🎉 party');
      const size = (text: string) =>
        bob.page
          .locator('.message .text')
          .getByText(text, { exact: true })
          .evaluate((element) => Number.parseFloat(getComputedStyle(element).fontSize));
      expect(await size('🎉 👍🏽')).toBeGreaterThan(1.5 * (await size('🎉 party')));
    });

    test('an emoji of the workspace is written and reacted with, live, and falls back to its name when it is deleted', async () => {
      const { workspaceId } = chat;
      await ada.send(':parrot:');
      const shown = (person: BrowserPerson) => person.page.locator('.text img.emoji[alt=":parrot:"]');
      await bob.page.locator('.emoji-name', { hasText: ':parrot:' }).waitFor();
      await makeEmoji('parrot', 'green');
      for (const person of [ada, bob]) await loaded(shown(person));
      const message = bob.page.locator('.message', { has: shown(bob) });
      await message.getByRole('button', { name: 'Add a reaction' }).focus();
      await bob.page.keyboard.press('Enter');
      await bob.page.getByRole('searchbox', { name: 'Search emoji' }).fill('parrot');
      await bob.page.locator('[data-emoji=":parrot:"]').click();
      const chip = (person: BrowserPerson) =>
        person.page.locator('.reactions button', { has: person.page.locator('img.emoji') });
      for (const person of [ada, bob]) await loaded(chip(person).locator('img'));
      expect(await seriousIssues(bob.page)).toEqual([]);
      await bob.page.getByRole('textbox', { name: 'Message to general' }).pressSequentially('look :parr');
      // The workspace's own comes before the bird of the same name.
      await bob.page.getByRole('option', { name: ':parrot: :parrot:', selected: true }).waitFor();
      await bob.page.keyboard.press('Enter');
      await bob.page.keyboard.press('Enter');
      await ada.page.locator('.message', { hasText: 'look' }).locator('img.emoji').waitFor();
      await bob.page.reload();
      await eventually(() => shown(bob).count()).toBeGreaterThan(0);
      await her.emoji.delete.mutate({ workspaceId, name: 'parrot' });
      for (const person of [ada, bob]) {
        await shown(person).first().waitFor({ state: 'detached' });
        await person.page.locator('.reactions').getByText(':parrot:').waitFor();
        await person.page.locator('.message .text .emoji-name', { hasText: ':parrot:' }).first().waitFor();
      }
      expect([...ada.complaints, ...bob.complaints]).toEqual([]);
    });

    test('the room of an emoji is kept while its picture is on its way: its name never flashes', async () => {
      await makeEmoji('slow', 'red');
      await say('a :slow: one');
      let letThrough = () => {};
      const gate = new Promise<void>((resolve) => (letThrough = resolve));
      await bob.page.route(/emoji\.list|file\.ticket/, async (route) => {
        await gate;
        await route.continue();
      });
      await bob.page.reload();
      const text = bob.page.locator('.message .text', { hasText: /^a\s+one$/ });
      await text.locator('.emoji-room').waitFor();
      const before = await text.boundingBox();
      letThrough();
      await loaded(text.locator('img.emoji'));
      expect(await text.boundingBox()).toEqual(before);
    });
  },
);

/** Waits until a picture is there, and not only its place. */
async function loaded(picture: Locator): Promise<void> {
  await picture.first().waitFor();
  await eventually(() =>
    picture.first().evaluate((img) => (img instanceof HTMLImageElement && img.complete ? img.naturalWidth : 0)),
  ).toBeGreaterThan(0);
}
