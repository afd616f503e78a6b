import type { Browser } from 'playwright-core';

/** What it takes until somebody can do something with the page. */
export interface FirstLoad {
  /** All that comes over the wire, packed as it is. */
  readonly bytes: number;
  readonly requests: number;
  /** From the navigation's beginning until something stands there, in milliseconds. */
  readonly firstPaintMs: number;
  /** Until it can be typed into, with no task over 50 ms after it. */
  readonly interactiveMs: number;
  /** How long tasks kept the page from answering, beyond 50 ms each. */
  readonly blockedMs: number;
  /** How much moved by itself while it was loaded: 0 is nothing. */
  readonly layoutShift: number;
}

const LONG_MS = 50;

/** As text, because what runs a script may put calls of its own into functions. */
const WATCH = `{
  const seen = (globalThis.loadSeen = { long: [], shift: 0, usableMs: 0 });
  const watch = (type, note) =>
    new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({ type, buffered: true });
  watch('longtask', ({ startTime, duration }) => seen.long.push([startTime, duration]));
  watch('layout-shift', ({ value }) => void (seen.shift += value));
  const look = () => {
    if (document.querySelector('form input') === null) requestAnimationFrame(look);
    else seen.usableMs = performance.now();
  };
  look();
}`;

/** Opens the page as somebody does who has never been there. */
export async function firstLoadOf(browser: Browser, address: string): Promise<FirstLoad> {
  const context = await browser.newContext();
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  await cdp.send('Network.enable');
  let bytes = 0;
  let requests = 0;
  cdp.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength;
    requests += 1;
  });
  await page.addInitScript(WATCH);
  await page.goto(address, { waitUntil: 'networkidle' });
  const seen = await page.evaluate<{ long: [number, number][]; shift: number; usableMs: number }>('loadSeen');
  const firstPaintMs = await page.evaluate<number>(
    "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0",
  );
  await context.close();
  return {
    bytes,
    requests,
    firstPaintMs,
    interactiveMs: Math.max(seen.usableMs, ...seen.long.map(([start, took]) => start + took)),
    blockedMs: seen.long.reduce((sum, [, took]) => sum + took - LONG_MS, 0),
    layoutShift: seen.shift,
  };
}
