import { createFechatter } from '@fechatter/client';
import { silentLog, testConfig } from '@fechatter/service-kit/testing';
import { chromiumPath, launchChromium } from '@fechatter/testing/chromium';
import { until } from '@fechatter/testing/until';
import { startWorker } from '@fechatter/worker';
import { createHmac } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newcomer, open, PASSWORD } from './browser-person.ts';
import { type Services, startServices } from './services.ts';

describe.skipIf(chromiumPath === undefined)(
  'an account in Chromium, where one is installed',
  { timeout: 240_000 },
  () => {
    let services: Services;
    let worker: Awaited<ReturnType<typeof startWorker>>;
    let browser: Browser;
    let dataDir: string;
    beforeAll(async () => {
      dataDir = await mkdtemp(join(tmpdir(), 'fechatter-accounts-'));
      const mails = { FECHATTER_MAIL_VIA: 'files', FECHATTER_DATA_DIR: dataDir };
      services = await startServices(mails);
      const config = testConfig('worker', {
        ...mails,
        FECHATTER_DATABASE_URL: services.databaseUrl,
        FECHATTER_SERVER_PUBLIC_URL: services.serverUrl,
      });
      worker = await startWorker(config, { log: silentLog(), jobs: [], consumers: [] });
      browser = await launchChromium();
    });
    afterAll(async () => {
      await browser.close();
      await worker.close();
      await services[Symbol.asyncDispose]();
      await rm(dataDir, { recursive: true });
    });

    /** The link in the mail whose subject contains this. */
    async function linkOf(subject: string): Promise<string> {
      const links = async () => {
        const files = await readdir(join(dataDir, 'mail')).catch(() => []);
        const mails = await Promise.all(
          files.map((file) => readFile(join(dataDir, 'mail', file), 'utf8').catch(() => '')),
        );
        const mail = mails.find((text) => text.includes(`Subject: ${subject}`));
        return mail === undefined ? undefined : /^http\S+$/m.exec(mail)?.[0];
      };
      return until(links, `a mail: ${subject}`);
    }

    test('somebody adds a passkey in the account, and signs in with it', async () => {
      // Passkeys need a name, and 127.0.0.1 has one only as localhost.
      const address = services.serverUrl.replace('127.0.0.1', 'localhost');
      await using lou = await newcomer(browser, address, 'Lou Reed');
      const client = createFechatter(services);
      await client.auth.signin.mutate({ email: lou.email, password: PASSWORD });
      await client.workspace.create.mutate({ name: 'a workspace' });
      await lou.page.reload();
      const devTools = await lou.context.newCDPSession(lou.page);
      await devTools.send('WebAuthn.enable');
      const options = { protocol: 'ctap2', transport: 'internal', hasResidentKey: true } as const;
      const verifies = { hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true };
      await devTools.send('WebAuthn.addVirtualAuthenticator', { options: { ...options, ...verifies } });
      await lou.button('Account of Lou Reed').click();
      await lou.page.getByText('Authenticator app and passkeys').click();
      await lou.field('Your password').fill(PASSWORD);
      await lou.button('Continue').click();
      await lou.button('Add a passkey').click();
      await lou.page.getByText('Keep these recovery codes').waitFor();
      await lou.page.locator('footer').getByRole('button', { name: 'Sign out', exact: true }).click();

      await lou.button('Use a passkey').click();
      await lou.button('Account of Lou Reed').waitFor();
    });

    test('somebody with an authenticator app signs in with a code, after a wrong one', async () => {
      await using kim = await newcomer(browser, services.serverUrl, 'Kim Park');
      const client = createFechatter(services);
      await client.auth.signin.mutate({ email: kim.email, password: PASSWORD });
      const { secret } = await client.auth.totpBegin.mutate();
      const { recoveryCodes } = await client.auth.totpConfirm.mutate({ code: codeOf(secret) });
      await using elsewhere = await open(browser, services.serverUrl);
      await elsewhere.button('Sign in instead').click();
      await elsewhere.field('E-mail').fill(kim.email);
      await elsewhere.field('Password').fill(PASSWORD);
      await elsewhere.button('Sign in').click();
      await elsewhere.field('Code').fill('not it');
      await elsewhere.button('Sign in').click();
      await elsewhere.page.getByRole('alert').getByText('wrong, used up or too old').waitFor();
      await elsewhere.field('Code').fill(recoveryCodes[0] ?? '');
      await elsewhere.button('Sign in').click();
      await elsewhere.page.getByRole('heading', { name: /Welcome/ }).waitFor();
    });

    test('somebody confirms the address, forgets the password, and chooses another one', async () => {
      await using ada = await newcomer(browser, services.serverUrl, 'Ada Lovelace');
      await ada.page.goto(await linkOf('Confirm your address'));
      await ada.button('Confirm').click();
      await ada.page.getByText('Your e-mail address is confirmed.').waitFor();
      await ada.button('Go on').click();
      await ada.page.getByRole('heading', { name: /Welcome/ }).waitFor();
      expect(ada.page.url()).not.toContain('token');

      await using elsewhere = await open(browser, services.serverUrl);
      await elsewhere.button('Sign in instead').click();
      await elsewhere.button('Forgot your password?').click();
      await elsewhere.field('E-mail').fill(ada.email);
      await elsewhere.button('Send me a link').click();
      await elsewhere.page.getByRole('status').getByText('is on its way').waitFor();
      const link = await linkOf('Set a new password');
      await elsewhere.page.goto(link);
      await elsewhere.field('New password').fill('another good password');
      await elsewhere.button('Change it').click();
      await elsewhere.page.getByText('All devices are signed out.').waitFor();
      await elsewhere.button('Sign in').click();
      await elsewhere.button('Sign in instead').click();
      for (const password of [PASSWORD, 'another good password']) {
        await elsewhere.field('E-mail').fill(ada.email);
        await elsewhere.field('Password').fill(password);
        await elsewhere.button('Sign in').click();
        if (password === PASSWORD) await elsewhere.page.getByRole('alert').waitFor();
      }
      await elsewhere.page.getByRole('heading', { name: /Welcome/ }).waitFor();
      expect(elsewhere.page.url()).not.toContain('token');

      // The link worked only once.
      await elsewhere.page.goto(link);
      await elsewhere.field('New password').fill('a third password');
      await elsewhere.button('Change it').click();
      await elsewhere.page.getByRole('alert').waitFor();
      expect(elsewhere.complaints.filter((text) => !/Failed to load resource/.test(text))).toEqual([]);
    });
  },
);

/** The code that an authenticator app shows now (RFC 6238). */
function codeOf(secret: string): string {
  const bits = Array.from(secret, (char) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(char).toString(2).padStart(5, '0'),
  ).join('');
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeUIntBE(Math.floor(Date.now() / 30_000), 2, 6);
  const mac = createHmac('sha1', key).update(step).digest();
  const at = mac.readUInt8(19) & 15;
  return String((mac.readUInt32BE(at) & 0x7f_ff_ff_ff) % 1_000_000).padStart(6, '0');
}
