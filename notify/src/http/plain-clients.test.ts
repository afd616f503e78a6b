import { tcpProxy } from '@fechatter/testing/tcp-proxy';
import { chromiumPath, launchChromium } from '@fechatter/testing/chromium';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BrowserPages, browserPages, nativeEventSource } from '../testing/plain-clients/browser-pages.ts';
import { followByCurl, hasCurl } from '../testing/plain-clients/curl-client.ts';
import { appendEveryEvent } from '../testing/plain-clients/every-event.ts';
import {
  followByEventsource,
  followByEventsourceClient,
  followByLaunchdarkly,
} from '../testing/plain-clients/library-clients.ts';
import {
  isLogged,
  type PlainClient,
  type PlainEvent,
  type PlainRequest,
} from '../testing/plain-clients/plain-client.ts';
import { rawStream } from '../testing/raw-stream.ts';
import { testWorld } from '../testing/world.ts';

const PLAIN = '/api/notifications/events';
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const world = await testWorld();
let pages: BrowserPages;
let browser: Browser | undefined;
beforeAll(async () => {
  pages = await browserPages();
  if (chromiumPath !== undefined) browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  await pages[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
});

const start = (port = 0) =>
  world.notify(
    { pingMs: 50, comeBackMs: 50 },
    { FECHATTER_NOTIFY_PORT: String(port), FECHATTER_SERVER_CORS_ORIGINS: pages.origin },
  );

async function ticketFor({ url, token }: PlainRequest): Promise<string> {
  const taken = await fetch(new URL('/api/notifications/tickets', url), { method: 'POST', headers: bearer(token) });
  return ((await taken.json()) as { ticket: string }).ticket;
}

async function followByChromium(request: PlainRequest): Promise<PlainClient> {
  if (browser === undefined) throw new Error('there is no Chromium here');
  return pages.open(browser, nativeEventSource(`${request.url}?ticket=${await ticketFor(request)}`));
}

const clients = [
  { name: 'curl', isHere: hasCurl, follow: followByCurl },
  { name: 'Chromium’s EventSource', isHere: chromiumPath !== undefined, follow: followByChromium },
  { name: 'eventsource', isHere: true, follow: followByEventsource },
  { name: 'eventsource-client', isHere: true, follow: followByEventsourceClient },
  { name: 'launchdarkly-eventsource', isHere: true, follow: followByLaunchdarkly },
];

for (const { name, isHere, follow } of clients)
  test.skipIf(!isHere)(`${name} receives every event once and in order, over a cut network and a restart`, async () => {
    const [alice, bob] = [await world.person(), await world.person()];
    const workspace = await world.workspace(alice, bob);
    const chat = await world.chat(workspace, [alice, bob]);
    let notify = await start();
    await using network = await tcpProxy(notify.url);
    await using client = await follow({ url: new URL(PLAIN, network.url).href, token: alice.token });
    await client.until((events) => events.some(({ event }) => event === 'ready'));
    const messages = (events: readonly PlainEvent[]) => events.filter(({ event }) => event === 'message').length;
    const readies = (events: readonly PlainEvent[]) => events.filter(({ event }) => event === 'ready');
    // Rows that were committed before may be numbered after the position where the stream begins.
    await world.send(chat, bob, 'the first that is meant');
    await client.until((events) => messages(events) === 1);

    const known = client.events.filter(isLogged).length;
    const expected = await appendEveryEvent({ world, workspaceId: workspace, alice, bob, client });
    const last = client.events.findLast(isLogged);
    const received = client.events
      .filter(isLogged)
      .slice(known)
      .map(({ event, data }) => ({ event, data: JSON.parse(data) }));
    expect(received).toEqual(expected);

    const sending = world.sendMany(chat, bob, 150);
    network.cut();
    await sending;
    await world.sendMany(chat, bob, 50);
    network.restore();
    await client.until((events) => messages(events) === 202 && readies(events).length === 2);

    await Promise.all([world.sendMany(chat, bob, 150), notify.close()]);
    await world.sendMany(chat, bob, 50);
    notify = await start(notify.port);
    await client.until((events) => readies(events).length === 3);
    await world.send(chat, bob, 'live again');
    await client.until((events) => messages(events) === 403);

    // Alice's earlier membership is not in her history any more, which begins after it.
    using history = rawStream(notify.url, `${PLAIN}?last_event_id=${last?.id}`, bearer(alice.token));
    await history.until((frames) => frames.find(({ event }) => event === 'ready'));
    expect(client.events.filter(isLogged).slice(known + expected.length)).toEqual(history.frames().filter(isLogged));
    const resumed = readies(client.events).map(({ data }) => (JSON.parse(data) as { resumed: boolean }).resumed);
    expect(resumed).toEqual([false, true, true]);
    await notify.close();
  });
