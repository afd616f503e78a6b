import { tcpProxy } from '@fechatter/testing/tcp-proxy';
import { chromiumPath, launchChromium } from '@fechatter/testing/chromium';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BrowserPages, browserPages, nativeEventSource } from '../testing/plain-clients/browser-pages.ts';
import { documented } from '../testing/plain-clients/documented.ts';
import { isLogged, type PlainEvent } from '../testing/plain-clients/plain-client.ts';
import { testWorld, type World } from '../testing/world.ts';

const PLAIN = '/api/notifications/events';

describe.skipIf(chromiumPath === undefined)('in Chromium', () => {
  let world: World;
  let pages: BrowserPages;
  let browser: Browser;
  beforeAll(async () => {
    world = await testWorld();
    pages = await browserPages();
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser.close();
    await pages[Symbol.asyncDispose]();
    await world[Symbol.asyncDispose]();
  });
  const start = (env: Record<string, string> = {}) =>
    world.notify({ pingMs: 50, comeBackMs: 50 }, { FECHATTER_SERVER_CORS_ORIGINS: pages.origin, ...env });
  const ticketFor = async (url: string, token: string): Promise<string> => {
    const headers = { authorization: `Bearer ${token}` };
    const taken = await fetch(new URL('/api/notifications/tickets', url), { method: 'POST', headers });
    return ((await taken.json()) as { ticket: string }).ticket;
  };
  const count = (events: readonly PlainEvent[], name: string) => events.filter(({ event }) => event === name).length;
  const seqs = (events: readonly PlainEvent[]) =>
    events
      .filter(({ event }) => event === 'message')
      .map(({ event, data }) => `${event} ${(JSON.parse(data) as { seq: number }).seq}`);

  test('the documented page takes another ticket when its own has expired, and misses no event', async () => {
    const notify = await start();
    await using network = await tcpProxy(notify.url);
    const alice = await world.person();
    const chat = await world.chat(await world.workspace(alice), [alice]);
    const script = (await documented('js', 'new EventSource')).replace('1_000', '50');
    await using page = await pages.open(
      browser,
      `${script}
      const [notify, token] = ${JSON.stringify([new URL(network.url).origin, alice.token])};
      const given = (event, data = {}, id = '') => take({ event, data: JSON.stringify(data), id });
      await follow(notify, async () => token, given);`,
    );
    await page.until((events) => count(events, 'ready') === 1);
    await world.send(chat, alice, 'one');
    await page.until((events) => count(events, 'message') === 1);
    for (const [cuts, ticketsBefore] of [
      [1, 1],
      [2, 2],
    ] as const) {
      await world.database.query(`update stream_tickets set expires_at = now()`);
      network.cut();
      await world.send(chat, alice, 'meanwhile');
      network.restore();
      await page.until((events) => count(events, 'ready') === cuts + 1);
      const [stored] = await world.database.query<{ n: number }>('select count(*)::int as n from stream_tickets');
      expect(stored?.n).toBe(ticketsBefore + 1);
    }
    await world.send(chat, alice, 'live');
    await page.until((events) => count(events, 'message') === 4);
    expect(seqs(page.events)).toEqual(['message 2', 'message 3', 'message 4', 'message 5']);
    expect(JSON.parse(page.events.findLast(({ event }) => event === 'ready')?.data ?? '')).toMatchObject({
      resumed: true,
    });
    await world.revoke(alice);
    await page.until((events) => count(events, 'signed_out') === 1);
    expect(page.events.findLast(isLogged)?.event).toBe('signed_out');
    expect(count(page.events, 'session_revoked')).toBe(1);
    await notify.close();
  });

  test('an EventSource that reconnects while the database is down stays connected', async () => {
    await using database = await tcpProxy(world.database.url);
    const notify = await start({ FECHATTER_DATABASE_URL: database.url });
    await using network = await tcpProxy(notify.url);
    const alice = await world.person();
    const chat = await world.chat(await world.workspace(alice), [alice]);
    const ticket = await ticketFor(notify.url, alice.token);
    const url = new URL(`${PLAIN}?ticket=${ticket}`, network.url).href;
    await using page = await pages.open(browser, nativeEventSource(url));
    await page.until((events) => count(events, 'ready') === 1);
    await world.send(chat, alice, 'one');
    const { id } = await page.until((events) => events.find(({ event }) => event === 'message'));
    network.cut();
    database.cut();
    await world.send(chat, alice, 'two');
    const known = page.events.length;
    network.restore();
    // A ping without an id: the browser keeps its position.
    const ping = await page.until((events) => events.slice(known).find(({ event }) => event === 'ping'));
    expect(Buffer.from(ping.id, 'base64url').compare(Buffer.from(id, 'base64url'))).toBeGreaterThanOrEqual(0);
    database.restore();
    await page.until((events) => count(events, 'ready') === 2);
    await world.send(chat, alice, 'three');
    await page.until((events) => count(events, 'message') === 3);
    expect(seqs(page.events)).toEqual(['message 2', 'message 3', 'message 4']);
    expect(count(page.events, 'closed')).toBe(0);
    await notify.close();
  });

  test('a page of another origin can read no event', async () => {
    const notify = await start({ FECHATTER_SERVER_CORS_ORIGINS: 'http://app.example' });
    const alice = await world.person();
    const url = `${notify.url}${PLAIN}?ticket=${await ticketFor(notify.url, alice.token)}`;
    await using page = await pages.open(browser, nativeEventSource(url));
    await page.until((events) => count(events, 'closed') === 1);
    expect(page.events).toHaveLength(1);
    await notify.close();
  });
});
