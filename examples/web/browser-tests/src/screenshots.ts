import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { launchChromium } from './chromium.ts';
import { SCENE_PASSWORD, setScene } from './scene.ts';

// Takes the pictures of the README, of a system that runs: `node --import tsx <this> [server's URL] [notify's URL]`.
const [serverUrl = 'http://127.0.0.1:6688', notifyUrl = 'http://127.0.0.1:6687'] = process.argv.slice(2);
const folder = fileURLToPath(new URL('../../../../docs/screenshots', import.meta.url));

const views = [
  { name: 'light', colorScheme: 'light', viewport: { width: 1160, height: 740 } },
  { name: 'dark', colorScheme: 'dark', viewport: { width: 1160, height: 740 } },
  { name: 'phone', colorScheme: 'light', viewport: { width: 390, height: 760 }, isMobile: true, hasTouch: true },
  { name: 'phone-list', colorScheme: 'dark', viewport: { width: 390, height: 760 }, isMobile: true, hasTouch: true },
] as const;

await mkdir(folder, { recursive: true });
const scene = await setScene({ serverUrl, notifyUrl });
const browser = await launchChromium();
for (const { name, ...options } of views) {
  const context = await browser.newContext({ ...options, locale: 'en-GB' });
  const page = await context.newPage();
  const home = `${serverUrl}/#/${scene.workspaceId}`;
  await page.goto(name === 'phone-list' ? home : `${home}/${scene.chats.general}`);
  await signIn(page, scene.email);
  await page.locator(name === 'phone-list' ? '.sidebar .badge' : '.message').first().waitFor();
  await page.locator('.connection[data-status="live"]').first().waitFor({ state: 'attached' });
  // Once more, as someone finds it who has read all that.
  await page.reload();
  await page.locator(name === 'phone-list' ? '.sidebar .badge' : '.message').first().waitFor();
  await page.locator('.connection[data-status="live"]').first().waitFor({ state: 'attached' });
  await page.screenshot({ path: `${folder}/${name}.png`, animations: 'disabled', caret: 'hide' });
  await context.close();
}
await browser.close();

async function signIn(page: Page, email: string): Promise<void> {
  await page.getByRole('button', { name: 'Sign in instead' }).click();
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(SCENE_PASSWORD);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}
