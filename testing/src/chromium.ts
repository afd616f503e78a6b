import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';
import { watchPages } from './seen-pages.ts';

export type { BrowserContext, Page } from 'playwright-core';

const paths = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/opt/google/chrome/chrome'];

/** The path of an installed browser; undefined on a machine without one. */
export const chromiumPath: string | undefined = paths.find((path) => existsSync(path));

/** Starts the installed browser, without its own network requests. A test that fails reports what its pages showed. */
export async function launchChromium(): Promise<Browser> {
  const browser = await chromium.launch({
    ...(chromiumPath !== undefined && { executablePath: chromiumPath }),
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  watchPages(browser);
  return browser;
}
