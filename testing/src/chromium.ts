import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

export type { BrowserContext, Page } from 'playwright-core';

const paths = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/opt/google/chrome/chrome'];

/** Where a browser is installed; undefined on a machine without one. */
export const chromiumPath: string | undefined = paths.find((path) => existsSync(path));

/** Starts the installed browser, which asks nobody for anything. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({
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
}
