import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { launchChromium } from './chromium.ts';
import { setScene } from './scene.ts';
import { visit } from './visit.ts';

// Takes the pictures of the README, of a system that runs: `pnpm run screenshots [server's URL] [notify's URL]`.
const [serverUrl = 'http://127.0.0.1:6688', notifyUrl = 'http://127.0.0.1:6687'] = process.argv.slice(2);
const folder = fileURLToPath(new URL('../../../../docs/screenshots', import.meta.url));
const wide = { viewport: { width: 1160, height: 790 } };
const phone = { viewport: { width: 390, height: 760 }, isMobile: true, hasTouch: true };

const views = [
  { name: 'light', chat: 'general', colorScheme: 'light', ...wide },
  { name: 'dark', chat: 'general', colorScheme: 'dark', ...wide },
  { name: 'phone', chat: 'general', colorScheme: 'light', ...phone },
  { name: 'phone-list', colorScheme: 'dark', ...phone },
] as const;

await mkdir(folder, { recursive: true });
const scene = await setScene({ serverUrl, notifyUrl });
const browser = await launchChromium();
for (const { name, ...options } of views) {
  const page = await visit(browser, serverUrl, scene, options);
  // Once more, as someone finds it who has read all that.
  await page.reload();
  await page.locator('.sidebar .connection[data-status="live"]').waitFor({ state: 'attached' });
  await page.waitForFunction(() => !document.title.startsWith('(0'));
  await page.screenshot({ path: `${folder}/${name}.png`, animations: 'disabled', caret: 'hide' });
  await page.context().close();
}
await browser.close();
