import { createFechatter } from '@fechatter/client';
import { openDatabase } from '@fechatter/drizzle';
import { type OidcHost, oidcHost, providersSetting } from '@fechatter/server/testing/oidc';
import { silentLog, testConfig } from '@fechatter/service-kit/testing';
import { chromiumPath, launchChromium } from '@fechatter/testing/chromium';
import { freePort } from '@fechatter/testing/free-port';
import { until } from '@fechatter/testing/until';
import { startWorker } from '@fechatter/worker';
import { createHmac } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BrowserPerson, newcomer, open, PASSWORD } from './browser-person.ts';
import { type Services, startServices } from './services.ts';

describe.skipIf(chromiumPath === undefined)(
  'an account in Chromium, where one is installed',
  { timeout: 240_000 },
  () => {
    let services: Services;
    let worker: Awaited<ReturnType<typeof startWorker>>;
    let browser: Browser;
    let dataDir: string;
    let provider: OidcHost;
    let database: ReturnType<typeof openDatabase>['pool'];
    beforeAll(async () => {
      dataDir = await mkdtemp(join(tmpdir(), 'fechatter-accounts-'));
      const mails = { FECHATTER_MAIL_VIA: 'files', FECHATTER_DATA_DIR: dataDir };
      const port = await freePort();
      provider = await oidcHost({ redirectUri: `http://127.0.0.1:${port}/oidc` });
      services = await startServices({
        ...mails,
        FECHATTER_SERVER_PORT: String(port),
        FECHATTER_AUTH_PROVIDERS: providersSetting({ test: provider }),
      });
      database = openDatabase({ url: services.databaseUrl, applicationName: 'test' }).pool;
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
      await database.end();
      await services[Symbol.asyncDispose]();
      await provider[Symbol.asyncDispose]();
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

    /** Signs out, and shows the page where people sign in. */
    const signOut = async (person: BrowserPerson) => {
      await person.page.locator('footer').getByRole('button', { name: 'Sign out', exact: true }).click();
      await person.button('Use a passkey').waitFor();
    };
    const signIn = async (person: Pick<BrowserPerson, 'field' | 'button'>, email: string) => {
      await person.field('E-mail').fill(email);
      await person.field('Password').fill(PASSWORD);
      await person.button('Sign in').click();
    };
    /** A person in a workspace, because only there is a button for the account. */
    async function member(address: string, name: string): Promise<BrowserPerson> {
      const person = await newcomer(browser, address, name);
      const client = createFechatter(services);
      await client.auth.signin.mutate({ email: person.email, password: PASSWORD });
      await client.workspace.create.mutate({ name: 'a workspace' });
      await person.page.reload();
      return person;
    }

    test('a passkey signs in alone, as the second step, and as a proof some time later', async () => {
      // Passkeys need a name, and 127.0.0.1 has one only as localhost.
      await using lou = await member(services.serverUrl.replace('127.0.0.1', 'localhost'), 'Lou Reed');
      const devTools = await lou.context.newCDPSession(lou.page);
      await devTools.send('WebAuthn.enable');
      const options = { protocol: 'ctap2', transport: 'internal', hasResidentKey: true } as const;
      const verifies = { hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true };
      await devTools.send('WebAuthn.addVirtualAuthenticator', { options: { ...options, ...verifies } });
      const account = lou.button('Account of Lou Reed');
      await account.click();
      await lou.page.getByText('Authenticator app and passkeys').click();
      await lou.button('Add a passkey').click();
      await lou.page.getByText('Keep these recovery codes').waitFor();
      await signOut(lou);

      await lou.button('Use a passkey').click();
      await account.click();
      await signOut(lou);

      await signIn(lou, lou.email);
      await lou.button('Use your passkey').click();
      await account.click();

      await database.query("update sessions set authenticated_at = now() - interval '11 minutes'");
      await lou.button('Export my data').click();
      await lou.field('Your password').waitFor();
      const download = lou.page.waitForEvent('download');
      await lou.page.getByRole('dialog').getByRole('button', { name: 'Use a passkey', exact: true }).click();
      await download;
    });

    test('an authenticator app is set up by its picture or key, and signs in by a code; so does a recovery code', async () => {
      await using kim = await member(services.serverUrl, 'Kim Park');
      await kim.button('Account of Kim Park').click();
      await kim.page.getByText('Authenticator app and passkeys').click();
      await kim.button('Set up an authenticator app').click();
      await kim.page.getByRole('img', { name: 'QR code for the authenticator app' }).waitFor();
      const secret = await kim.page.locator('.dialog code').innerText();
      await kim.field('Code of the app').fill(codeOf(secret));
      await kim.button('Confirm the app').click();
      const codes = (await kim.page.locator('.dialog pre').innerText()).split('\n');
      expect(codes).toHaveLength(10);

      for (const code of [() => codeOf(secret, 1), () => codes[0] ?? '']) {
        await using elsewhere = await open(browser, services.serverUrl);
        await elsewhere.button('Sign in instead').click();
        await signIn(elsewhere, kim.email);
        await elsewhere.field('Code').fill('not it');
        await elsewhere.button('Sign in').click();
        await elsewhere.page.getByRole('alert').getByText('wrong, used up or too old').waitFor();
        await elsewhere.field('Code').fill(code());
        await elsewhere.button('Sign in').click();
        await elsewhere.button('Account of Kim Park').waitFor();
      }
    });

    test('a provider signs a person in, is linked to an account, and is removed from it', async () => {
      const stranger = { sub: 'stranger', name: 'Ida Rhodes' };
      provider.setPerson(stranger);
      {
        await using ida = await open(browser, services.serverUrl);
        await ida.button('Sign in with test').click();
        await ida.page.getByRole('heading', { name: /Welcome/ }).waitFor();
        expect(ida.page.url()).toBe(`${services.serverUrl}/`);
        expect(ida.complaints).toEqual([]);
        // A callback that this tab did not request, or a refusal.
        await ida.page.goto(`${services.serverUrl}/oidc?error=access_denied`);
        await ida.page.getByRole('alert').getByText('was not completed').waitFor();
        await ida.button('Go back').click();
        await ida.page.getByRole('heading', { name: /Welcome/ }).waitFor();
      }
      provider.setPerson({ sub: 'pat', name: 'Pat' });
      await using pat = await member(services.serverUrl, 'Pat Ford');
      await database.query("update sessions set authenticated_at = now() - interval '11 minutes'");
      const account = pat.button('Account of Pat Ford');
      await account.click();
      await pat.page.getByText('Other ways to sign in').click();
      await pat.button('Link test').click();
      // It was too long ago: the callback waits for the proof.
      await pat.field('Your password').fill(PASSWORD);
      await pat.button('Continue').click();
      await account.click();
      {
        await using elsewhere = await open(browser, services.serverUrl);
        await elsewhere.button('Sign in with test').click();
        await elsewhere.button('Account of Pat Ford').waitFor();
      }
      await pat.page.getByText('Other ways to sign in').click();
      await pat.page.getByRole('listitem').filter({ hasText: 'test' }).getByRole('button', { name: 'Remove' }).click();
      await pat.button('Link test').waitFor();
    });

    test('a person confirms the address, forgets the password, and sets another one', async () => {
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

/** The code that an authenticator app shows now, or this many steps of 30 seconds later (RFC 6238). */
function codeOf(secret: string, steps = 0): string {
  const bits = Array.from(secret, (char) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(char).toString(2).padStart(5, '0'),
  ).join('');
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeUIntBE(Math.floor(Date.now() / 30_000) + steps, 2, 6);
  const mac = createHmac('sha1', key).update(step).digest();
  const at = mac.readUInt8(19) & 15;
  return String((mac.readUInt32BE(at) & 0x7f_ff_ff_ff) % 1_000_000).padStart(6, '0');
}
