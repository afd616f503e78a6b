import { chromiumPath, launchChromium } from '@fechatter/testing/chromium';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BrowserPerson, twoInChannel } from './browser-person.ts';
import { clippedIn } from './clipped-in.ts';
import { eventually } from './eventually.ts';
import { pictureOf } from './picture-of.ts';
import { seriousIssues } from './serious-issues.ts';
import { type Services, startServices } from './services.ts';

const PART = 8_388_608;
const FILE_MAX = 2 * PART;

describe.skipIf(chromiumPath === undefined)('files in Chromium, where one is installed', { timeout: 240_000 }, () => {
  let services: Services;
  let browser: Browser;
  let ada: BrowserPerson;
  let bob: BrowserPerson;
  beforeAll(async () => {
    services = await startServices({ FECHATTER_FILES_FILE_MAX_BYTES: String(FILE_MAX) });
    browser = await launchChromium();
    [ada, bob] = await twoInChannel(browser, services.serverUrl);
  }, 240_000);
  afterAll(async () => {
    await browser.close();
    await services[Symbol.asyncDispose]();
  });
  const area = ({ page }: BrowserPerson) => page.getByRole('textbox', { name: 'Message to general' });
  const chosen = ({ page }: BrowserPerson) => page.getByRole('region', { name: 'Files to send' });
  const message = ({ page }: BrowserPerson, text: string) => page.locator('.message', { hasText: text });

  test('several files are chosen, pasted and dropped, and the other window shows them without a jump', async () => {
    const picture = await pictureOf(ada.page, 900, 600, 'teal');
    const tall = await pictureOf(ada.page, 200, 900, 'tomato');
    await ada.page.locator('input[type="file"]').setInputFiles([
      { name: 'tea.png', mimeType: 'image/png', buffer: picture },
      { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('notes') },
    ]);
    await give(ada.page, 'paste', 'pasted.png', tall);
    await give(ada.page, 'drop', 'dropped.bin', Buffer.from('dropped'));
    await eventually(() => chosen(ada).getByRole('listitem').count()).toBe(4);
    await ada.button('Remove dropped.bin').click();
    await area(ada).fill('three files');
    await area(ada).press('Enter');
    await chosen(ada).waitFor({ state: 'detached' });
    const his = message(bob, 'three files');
    await his.getByRole('button', { name: 'Download notes.txt' }).waitFor();
    expect(await his.getByRole('listitem').count()).toBe(3);
    const height = async () => (await his.boundingBox())?.height;
    const before = await height();
    await services.checkFiles();
    await his.getByRole('button', { name: 'Show tea.png' }).locator('img').waitFor();
    await his.getByRole('button', { name: 'Show pasted.png' }).locator('img').waitFor();
    await eventually(() => loaded(his.page(), 'img[src*="thumbnail"]')).toBe(2);
    expect(await height()).toBe(before);
    const download = bob.page.waitForEvent('download');
    await bob.button('Download notes.txt').click();
    expect((await download).suggestedFilename()).toBe('notes.txt');
  });

  test('the viewer is used by the keyboard, and returns the focus', async () => {
    const show = bob.button('Show tea.png');
    await show.focus();
    await bob.page.keyboard.press('Enter');
    const viewer = (name: string) => bob.page.getByRole('dialog', { name });
    await viewer('tea.png').getByRole('img', { name: 'tea.png' }).waitFor();
    expect(await seriousIssues(bob.page)).toEqual([]);
    await bob.page.keyboard.press('ArrowRight');
    await viewer('pasted.png').getByText('2 of 2').waitFor();
    await bob.page.keyboard.press('ArrowRight');
    await bob.page.keyboard.press('ArrowLeft');
    await viewer('tea.png').getByText('1 of 2').waitFor();
    await bob.page.keyboard.press('Escape');
    await viewer('tea.png').waitFor({ state: 'detached' });
    await eventually(() => bob.page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe(
      'Show tea.png',
    );
  });

  test('the viewer is closed with its chat, and does not open over the next one', async () => {
    const { page } = bob;
    await bob.button('Show tea.png').click();
    await page.getByRole('dialog', { name: 'tea.png' }).waitFor();
    const chat = await page.evaluate(() => location.hash);
    await page.evaluate(() => (location.hash = location.hash.replace(/[^/]+$/, 'saved')));
    await page.getByRole('heading', { name: 'Saved messages' }).waitFor();
    await page.evaluate((hash) => (location.hash = hash), chat);
    await bob.button('Show tea.png').waitFor();
    expect(await page.getByRole('dialog').count()).toBe(0);
  });

  test('a picture whose address could not be asked for comes with the connection', async () => {
    const { page } = bob;
    const tickets = '**/trpc/file.ticket*';
    await page.route(tickets, (route) => route.abort());
    const failed = page.waitForEvent('requestfailed', (request) => request.url().includes('file.ticket'));
    await page.reload();
    await failed;
    const picture = bob.button('Show tea.png');
    await picture.waitFor();
    expect(await picture.locator('img').count()).toBe(0);
    await page.unroute(tickets);
    await page.context().setOffline(true);
    await page.locator('.composer .connection[data-status="offline"]').waitFor();
    await page.context().setOffline(false);
    await picture.locator('img').waitFor();
  });

  test('after a reload an upload continues, and the order of the messages is kept', async () => {
    const puts: string[] = [];
    let isBroken = true;
    await ada.page.route('**/parts/*', (route) => {
      const part = route.request().url().slice(-1);
      if (isBroken && part === '2') return route.abort();
      puts.push(part);
      return route.continue();
    });
    const large = { name: 'large.bin', mimeType: 'application/octet-stream', buffer: Buffer.alloc(PART + 1_000, 7) };
    await ada.page.locator('input[type="file"]').setInputFiles(large);
    await area(ada).fill('a large file');
    await area(ada).press('Enter');
    await ada.send('after the file');
    const progress = ada.page.getByRole('progressbar', { name: 'Uploading large.bin' });
    await eventually(() => progress.getAttribute('value')).toBe(String(PART));
    await eventually(() => unkept(ada.page)).toBe(0);
    await ada.page.reload();
    await message(ada, 'a large file').getByText('large.bin').waitFor();
    puts.length = 0;
    isBroken = false;
    await bob.sees('after the file');
    expect(puts).toEqual(['2']);
    const texts = await bob.shown();
    expect(texts.slice(-2)).toEqual(['a large file', 'after the file']);
    await ada.page.unroute('**/parts/*');
    await eventually(() => storedFiles(ada.page)).toBe(0);
  });

  test('a file that is refused says why and keeps the text, and an upload can be cancelled', async () => {
    const files = [
      { name: 'huge.bin', mimeType: 'application/octet-stream', buffer: Buffer.alloc(FILE_MAX + 1) },
      { name: 'small.txt', mimeType: 'text/plain', buffer: Buffer.from('small') },
    ];
    await ada.page.locator('input[type="file"]').setInputFiles(files);
    await area(ada).fill('one is too large');
    await area(ada).press('Enter');
    const hers = message(ada, 'one is too large');
    await hers.getByText('Not sent: This file is larger than is allowed here.').waitFor();
    expect(await seriousIssues(ada.page)).toEqual([]);
    await hers.getByRole('button', { name: 'Remove huge.bin' }).click();
    await hers.getByRole('button', { name: 'Try again' }).click();
    await message(bob, 'one is too large').getByText('small.txt').waitFor();
    await ada.page.route('**/parts/*', (route) => route.abort());
    await ada.page.locator('input[type="file"]').setInputFiles(files.slice(1));
    await area(ada).fill('never mind');
    await area(ada).press('Enter');
    await message(ada, 'never mind').getByRole('button', { name: 'Cancel' }).click();
    await message(ada, 'never mind').waitFor({ state: 'detached' });
    await ada.page.unroute('**/parts/*');
    await ada.send('instead');
    await bob.sees('instead');
    expect(await message(bob, 'never mind').count()).toBe(0);
  });

  test('a sound is played with ranges', async () => {
    await ada.page.locator('input[type="file"]').setInputFiles({ name: 'tone.wav', mimeType: 'audio/wav', buffer: wave(20) });
    await area(ada).fill('a sound');
    await area(ada).press('Enter');
    const play = message(bob, 'a sound').getByRole('button', { name: 'Play tone.wav' });
    await play.waitFor();
    const partial = bob.page.waitForResponse((response) => response.status() === 206);
    await play.click();
    await partial;
    const sound = bob.page.locator('dialog audio');
    await sound.evaluate((element: HTMLAudioElement) => {
      element.currentTime = 15;
    });
    await eventually(() => sound.evaluate((element: HTMLAudioElement) => Math.floor(element.currentTime))).toBeGreaterThan(14);
    await bob.page.keyboard.press('Escape');
  }); // biome-ignore format: a long call

  test.each([320, 1_200])(
    'the files of a chat are listed by kind, and everything fits a screen of %i',
    async (width) => {
      await bob.page.setViewportSize({ width, height: 700 });
      await bob.button('Files').click();
      const dialog = bob.page.getByRole('dialog', { name: 'Files in general' });
      await dialog.getByText('tone.wav').waitFor();
      expect(await seriousIssues(bob.page)).toEqual([]);
      expect(await clippedIn(dialog)).toEqual([]);
      await dialog.getByRole('combobox', { name: 'Show' }).selectOption('Pictures');
      await eventually(() => dialog.getByRole('listitem').count()).toBe(2);
      await dialog.getByRole('button', { name: 'Show tea.png' }).click();
      await bob.page.getByRole('dialog', { name: 'tea.png' }).getByText('2 of 2').waitFor();
      await bob.page.keyboard.press('Escape');
      await bob.page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
      const wide = () =>
        bob.page.evaluate(() => {
          const scroller = document.querySelector('.scroller');
          return (scroller?.scrollWidth ?? 0) - (scroller?.clientWidth ?? 0);
        });
      expect(await wide()).toBe(0);
    },
  );

  test('nothing of this breaks the page’s policy', () => {
    const ofPolicy = [...ada.complaints, ...bob.complaints].filter((text) => /policy|Trusted/i.test(text));
    expect(ofPolicy).toEqual([]);
  });
});

/** Pastes a file into the composer, or drops it on the conversation. */
async function give(page: Page, kind: 'paste' | 'drop', name: string, content: Buffer): Promise<void> {
  await page.evaluate(
    ([how, fileName, base64]) => {
      const bytes = Uint8Array.from(atob(base64), (character) => character.codePointAt(0) ?? 0);
      const transfer = new DataTransfer();
      transfer.items.add(new File([bytes], fileName, { type: fileName.endsWith('.png') ? 'image/png' : '' }));
      const target = document.querySelector(how === 'paste' ? '.composer textarea' : '.scroller');
      const init = { bubbles: true, cancelable: true };
      if (how === 'paste') target?.dispatchEvent(new ClipboardEvent('paste', { ...init, clipboardData: transfer }));
      else for (const type of ['dragover', 'drop']) target?.dispatchEvent(new DragEvent(type, { ...init, dataTransfer: transfer }));
    },
    [kind, name, content.toString('base64')] as const,
  ); // biome-ignore format: long calls
}

/** How many pictures of the page have come. */
const loaded = (page: Page, selector: string): Promise<number> =>
  page.evaluate(
    (images) =>
      [...document.querySelectorAll<HTMLImageElement>(images)].filter((image) => image.naturalWidth > 0).length,
    selector,
  );

/** How many files are in the browser's database. */
const storedFiles = (page: Page): Promise<number> =>
  page.evaluate(
    () =>
      new Promise<number>((resolve, reject) => {
        const request = indexedDB.open('fechatter.files');
        request.addEventListener('error', () => reject(new Error('no database')));
        request.addEventListener('success', () => {
          const database = request.result;
          const count = database.transaction('contents').objectStore('contents').count();
          count.addEventListener('success', () => {
            database.close();
            resolve(count.result);
          });
        });
      }),
  );

/** Of the one unsent file: 0 once the browser's database has it. */
const unkept = async (page: Page): Promise<number> => 1 - (await storedFiles(page));

/** A WAV of silence of so many seconds. */
function wave(seconds: number): Buffer {
  const rate = 8_000;
  const head = Buffer.alloc(44);
  const bytes = rate * seconds;
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + bytes, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE(rate, 28);
  head.writeUInt16LE(1, 32);
  head.writeUInt16LE(8, 34);
  head.write('data', 36);
  head.writeUInt32LE(bytes, 40);
  return Buffer.concat([head, Buffer.alloc(bytes, 128)]);
}
