import { type BrowserContext, chromiumPath, launchChromium, type Page } from '@fechatter/testing/chromium';
import { until } from '@fechatter/testing/until';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { afterAll, expect, test } from 'vitest';
import type { TabWindow } from '../testing/tab-page.ts';
import { PASSWORD, type Person, world } from '../testing/world.ts';

const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => String(from + index));
const cleanUps: (() => unknown)[] = [];
afterAll(async () => {
  for (const cleanUp of cleanUps.toReversed()) await cleanUp();
});

/** A page with the SDK in it. */
async function servePage(): Promise<string> {
  const entry = fileURLToPath(new URL('../testing/tab-page.ts', import.meta.url));
  const result = await build({
    configFile: false,
    logLevel: 'error',
    define: { 'process.env.NODE_ENV': '"production"' },
    build: { write: false, target: 'es2022', minify: false, lib: { entry, formats: ['es'] } },
  });
  const files = (Array.isArray(result) ? result : []).flatMap(({ output }) => output);
  const scripts = new Map(
    files.flatMap((file) => ('code' in file ? [[file.isEntry ? '/tab.js' : `/${file.fileName}`, file.code]] : [])),
  );
  const site = createServer((request, response) => {
    const script = scripts.get(request.url ?? '');
    response.setHeader('content-type', script === undefined ? 'text/html' : 'text/javascript');
    response.end(script ?? '<!doctype html><title>tab</title><script type="module" src="/tab.js"></script>');
  });
  site.listen(0, '127.0.0.1');
  cleanUps.push(() => site.close());
  await once(site, 'listening');
  return `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
}

async function openTab(context: BrowserContext, url: string, { email, toServer, toNotify }: Person): Promise<Page> {
  const page = await context.newPage();
  await page.goto(url);
  await page.waitForFunction('window.startTab !== undefined');
  const options = { serverUrl: toServer.url, notifyUrl: toNotify.url, email, password: PASSWORD };
  await page.evaluate(`window.startTab(${JSON.stringify(options)})`);
  return page;
}

const read = <Name extends keyof TabWindow>(page: Page, name: Name) => page.evaluate<TabWindow[Name]>(`window.${name}`);

/** Kills the page's process: none of its scripts runs any more. */
async function crash(context: BrowserContext, page: Page): Promise<void> {
  const crashed = page.waitForEvent('crash');
  const session = await context.newCDPSession(page);
  session.send('Page.crash').catch(() => {});
  await crashed;
}

test.skipIf(chromiumPath === undefined)(
  'eight tabs of Chromium share one stream over HTTP/1.1, and lose nothing when leading ones crash or are frozen',
  async () => {
    const scene = await world({ FECHATTER_SERVER_CORS_ORIGINS: '*' });
    cleanUps.push(() => scene[Symbol.asyncDispose]());
    const [url, browser] = await Promise.all([servePage(), launchChromium()]);
    cleanUps.push(() => browser.close());
    const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
    const send = async (contents: readonly string[]) => {
      for (const content of contents) await alice.client.message.send.mutate({ chatId, content });
    };
    const shareOne = (pages: readonly Page[]) =>
      until(async () => {
        const counts = await Promise.all(pages.map((page) => read(page, 'streams')));
        return counts.reduce((sum, count) => sum + count, 0) === 1;
      }, 'one stream');
    const context = await browser.newContext();
    const tabs: Page[] = [];
    for (let index = 0; index < 8; index += 1) tabs.push(await openTab(context, url, bob));
    for (const tab of tabs) await until(async () => (await read(tab, 'statuses')).at(-1) === 'live', 'live');
    await shareOne(tabs);

    await send(numbers(1, 5));
    // The first tab leads; the next one follows it.
    const [first, second, third, ...others] = tabs;
    const crashing = send(numbers(6, 10));
    await crash(context, first ?? expect.fail());
    await crashing;
    const closing = send(numbers(11, 15));
    await second?.close();
    await closing;
    const frozen = third ?? expect.fail();
    const session = await context.newCDPSession(frozen);
    const freezing = send(numbers(16, 20));
    await session.send('Page.setWebLifecycleState', { state: 'frozen' });
    await freezing;
    for (const tab of others) {
      await until(async () => (await read(tab, 'received')).length >= 20, 'everything is received');
      expect(await read(tab, 'received')).toEqual(numbers(1, 20));
    }
    await session.send('Page.setWebLifecycleState', { state: 'active' });
    await send(['21']);
    for (const tab of [frozen, ...others]) {
      await until(async () => (await read(tab, 'received')).length >= 21, 'what was missed is received');
      expect(await read(tab, 'received')).toEqual(numbers(1, 21));
      expect(await read(tab, 'counts')).toMatchObject({ duplicate: 0, gap: 0 });
    }
    await shareOne([frozen, ...others]);
  },
  90_000,
);
