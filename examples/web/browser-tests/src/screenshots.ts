import { launchChromium } from '@fechatter/testing/chromium';
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { setScene } from './scene.ts';
import { visit, type VisitOptions } from './visit.ts';

// Takes the screenshots of the README from a running system: `pnpm run screenshots [server's URL] [notify's URL]`.
const [serverUrl = 'http://127.0.0.1:6688', notifyUrl = 'http://127.0.0.1:6687'] = process.argv.slice(2);
const folder = fileURLToPath(new URL('../../../../docs/screenshots', import.meta.url));
const wide = { viewport: { width: 1160, height: 790 } };
const phone = { viewport: { width: 390, height: 760 }, isMobile: true, hasTouch: true };

interface View extends VisitOptions {
  readonly name: string;
  /** A dialog's button, and what is clicked in it. */
  readonly dialog?: readonly [button: string, inside: string];
}

const views: readonly View[] = [
  { name: 'light', chat: 'general', colorScheme: 'light', ...wide },
  { name: 'dark', chat: 'general', colorScheme: 'dark', ...wide },
  { name: 'phone', chat: 'general', colorScheme: 'light', ...phone },
  { name: 'phone-list', colorScheme: 'dark', ...phone },
  { name: 'languages', chat: 'languages', colorScheme: 'light', ...wide },
  { name: 'settings', chat: 'general', colorScheme: 'light', dialog: ['Workspace settings', 'Audit log'], ...wide },
  { name: 'invite', chat: 'general', colorScheme: 'dark', dialog: ['Invite people', 'Open invitations'], ...wide },
];

await mkdir(folder, { recursive: true });
const scene = await setScene({ serverUrl, notifyUrl });
const browser = await launchChromium();
for (const { name, dialog, ...options } of views) {
  const page = await visit(browser, serverUrl, scene, options);
  // Again, as a person sees it who has read everything.
  await page.reload();
  await page.locator('.sidebar .connection[data-status="live"]').waitFor({ state: 'attached' });
  await page.waitForFunction(() => !document.title.startsWith('(0'));
  if (dialog !== undefined) {
    await page.getByRole('button', { name: dialog[0] }).click();
    await page.getByRole('dialog').getByText(dialog[1]).click();
    await page.getByRole('dialog').getByRole('listitem').first().waitFor();
  }
  await page.screenshot({ path: `${folder}/${name}.png`, animations: 'disabled', caret: 'hide' });
  await page.context().close();
}
await browser.close();
