import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { SCENE_PASSWORD, type Scene } from './scene.ts';

export interface VisitOptions extends BrowserContextOptions {
  /** The conversation to open; without one, the list of them. */
  readonly chat?: keyof Scene['chats'];
}

/** Signs the scene's first person in and opens a page. */
export async function visit(
  browser: Browser,
  serverUrl: string,
  scene: Scene,
  { chat, ...options }: VisitOptions,
): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1200, height: 760 }, locale: 'en-GB', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(45_000);
  await page.goto(`${serverUrl}/#/${scene.workspaceId}${chat === undefined ? '' : `/${scene.chats[chat]}`}`);
  await page.getByRole('button', { name: 'Sign in instead' }).click();
  await page.getByLabel('E-mail').fill(scene.email);
  await page.getByLabel('Password').fill(SCENE_PASSWORD);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page
    .locator(chat === undefined ? '.sidebar .badge' : '.message')
    .first()
    .waitFor();
  await page.locator('.sidebar .connection[data-status="live"]').waitFor({ state: 'attached' });
  return page;
}
