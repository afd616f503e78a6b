import { test } from 'vitest';
import { launchChromium } from './chromium.ts';
import { startServices } from './services.ts';

test('shots', { timeout: 120_000 }, async () => {
  await using services = await startServices();
  const browser = await launchChromium();
  const t0 = performance.now();
  await fetch(`${services.serverUrl}/panel`)
    .then((r) => r.text())
    .then((t) => console.log('first', performance.now() - t0, t.length));
  const t1 = performance.now();
  await fetch(`${services.serverUrl}/panel`)
    .then((r) => r.text())
    .then(() => console.log('second', performance.now() - t1));
  for (const colorScheme of ['light', 'dark'] as const)
    for (const width of [1280, 390]) {
      const context = await browser.newContext({ colorScheme, viewport: { width, height: width === 390 ? 844 : 860 } });
      const page = await context.newPage();
      page.on('console', (m) => console.log(colorScheme, width, m.type(), m.text()));
      page.on('pageerror', (e) => console.log('PAGEERROR', e));
      const shot = (name: string) => page.screenshot({ path: `/tmp/panel-shots/${name}-${width}-${colorScheme}.png` });
      await page.goto(`${services.serverUrl}/panel`);
      await page.getByRole('button', { name: 'Sign up' }).first().waitFor();
      await shot('1-welcome');
      await page.getByRole('button', { name: 'Sign up' }).first().click();
      await page.getByRole('button', { name: 'Make someone up' }).click();
      await shot('2-signup');
      await page.locator('dialog button[type=submit]').click();
      await page.getByRole('button', { name: 'Sign out' }).waitFor();
      const open = async (name: string) => {
        await page.goto(`${services.serverUrl}/panel#/${name}`);
        await page.getByRole('heading', { name, level: 1 }).waitFor();
      };
      const call = async () => {
        await page.getByRole('button', { name: 'Call', exact: true }).click();
        await page.locator('.answer').waitFor();
      };
      await open('workspace.create');
      await page.locator('#field-name').fill('Analytical Engine');
      await call();
      await open('chat.create');
      await page.getByRole('button', { name: 'Add clientId' }).click();
      await call();
      await shot('3-refused');
      await page.locator('#field-name').fill('Looms');
      await page.locator('#field-chatType').selectOption('Group');
      await page.getByRole('button', { name: 'Call', exact: true }).click();
      await page.locator('.answer .fine').waitFor();
      await shot('4-answer');
      await open('notification.events');
      await page.getByRole('button', { name: 'Follow' }).click();
      await page.locator('.entries [data-kind=ready]').waitFor();
      await open('message.send');
      await page.locator('#field-content').fill('Hello <script>alert(1)</script>');
      await page.getByRole('button', { name: 'Call', exact: true }).click();
      await page.locator('.entries [data-kind="message.created"]').waitFor();
      await shot('5-live');
      await page.locator('.entries [data-kind="message.created"] summary').click();
      await page.getByRole('button', { name: 'Stop' }).click();
      await shot('6-opened');
      await open('workspace.invite');
      await page.getByRole('button', { name: 'Add expiresInSeconds' }).click();
      await shot('7-invite');
      await context.close();
    }
  await browser.close();
});
