import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { kept, EVENT_NAMES, type PlainClient, type PlainEvent } from './plain-client.ts';

/** Pages on a separate origin, like an app's. */
export interface BrowserPages extends AsyncDisposable {
  readonly origin: string;
  /** Opens a page with a module script, which passes events to `take({ event, data, id })`. */
  open(browser: Browser, script: string): Promise<PlainClient>;
}

/** Serves one empty page; `open` adds its script. */
export async function browserPages(): Promise<BrowserPages> {
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>A page</title>');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    async open(browser, script) {
      const { take, ...client } = kept();
      const page = await browser.newPage();
      await page.exposeFunction('take', (event: PlainEvent) => take(event));
      await page.goto(origin);
      await page.addScriptTag({ type: 'module', content: script });
      return { ...client, [Symbol.asyncDispose]: () => page.close() };
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
}

/** A script that uses only the browser's own EventSource. */
export const nativeEventSource = (url: string): string => `
  const source = new EventSource(${JSON.stringify(url)});
  for (const name of ${JSON.stringify(EVENT_NAMES)})
    source.addEventListener(name, ({ type, data, lastEventId }) => take({ event: type, data, id: lastEventId }));
  source.addEventListener('error', () => {
    if (source.readyState === EventSource.CLOSED) take({ event: 'closed', data: '', id: '' });
  });`;
