import type { Browser } from 'playwright-core';

/** The cost of the first load, until the page can be used. */
export interface FirstLoad {
  /** All bytes transferred, compressed. */
  readonly bytes: number;
  readonly requests: number;
  /** From the start of the navigation until the first paint, in milliseconds. */
  readonly firstPaintMs: number;
  /** Until the page accepts input, with no later task over 50 ms. */
  readonly interactiveMs: number;
  /** How long tasks blocked the page, beyond 50 ms each. */
  readonly blockedMs: number;
  /** The layout shift while loading; 0: none. */
  readonly layoutShift: number;
}

const LONG_MS = 50;

/** As text, because a script runner may add its own calls to functions. */
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

/** Opens the page in a new browser profile. */
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
