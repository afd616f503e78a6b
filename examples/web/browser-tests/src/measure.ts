import { launchChromium } from '@fechatter/testing/chromium';
import { newcomer } from './browser-person.ts';
import { type FirstLoad, firstLoadOf } from './first-load.ts';
import { frameCostsOf, quantilesOf } from './frame-costs.ts';

// Measures the page of a running system: `pnpm run measure <invitation's link> <channel>`; `pnpm demo` prints such a
// link at its end.
const [link = '', channel = ''] = process.argv.slice(2);
const LOADS = 5;
const TURNS = 400;
const STEPS_PX = [150, 600];
const print = (line: string) => process.stdout.write(`${line}\n`);
const ms = (value: number) => `${value.toFixed(1)} ms`;

function printQuantiles(what: string, sorted: readonly number[]): void {
  const { median, p95, p99, max } = quantilesOf(sorted);
  print(`  ${what}: median ${ms(median)}, p95 ${ms(p95)}, p99 ${ms(p99)}, most ${ms(max)}`);
}

const browser = await launchChromium();
const loads: FirstLoad[] = [];
for (let load = 0; load < LOADS; load += 1) loads.push(await firstLoadOf(browser, new URL('/', link).href));
const sorted = (pick: (load: FirstLoad) => number) => loads.map(pick).toSorted((a, b) => a - b);
const [first] = loads;
print(`first load: ${((first?.bytes ?? 0) / 1_000).toFixed(1)} KB in ${first?.requests} requests, with headers`);
printQuantiles(
  'first paint',
  sorted(({ firstPaintMs }) => firstPaintMs),
);
printQuantiles(
  'interactive',
  sorted(({ interactiveMs }) => interactiveMs),
);
printQuantiles(
  'blocked',
  sorted(({ blockedMs }) => blockedMs),
);
print(`  layout shift: ${Math.max(...loads.map(({ layoutShift }) => layoutShift)).toFixed(3)}`);

const reader = await newcomer(browser, link, 'Reader');
const { page } = reader;
await reader.button('Accept').click();
await reader.button('Browse channels').click();
await reader.field('Find a channel').fill(channel);
await reader.button(`Join ${channel}`).click();
await page.getByRole('textbox', { name: `Message to ${channel}` }).waitFor();
await page.locator('.message').first().waitFor();
await page.locator('.scroller').hover();
for (const step of STEPS_PX)
  for (const [way, sign] of [
    ['up', -1],
    ['down', 1],
  ] as const) {
    const costs = await frameCostsOf(browser, page, async () => {
      for (let turn = 0; turn < TURNS; turn += 1) {
        await page.mouse.wheel(0, sign * step);
        await page.evaluate('new Promise(requestAnimationFrame)');
      }
    });
    const late = costs.intervalsMs.filter((took) => took > 25).length / costs.intervalsMs.length;
    print(`${TURNS} turns of ${step} px ${way}, ${costs.mainThreadMs.length} frames that scrolled`);
    printQuantiles('main thread, CPU a frame', costs.mainThreadMs);
    printQuantiles('from frame to frame', costs.intervalsMs);
    print(
      `  later than 25 ms: ${(late * 100).toFixed(1)} %; compositor: ${costs.shown} shown, ${costs.dropped} dropped`,
    );
  }
await browser.close();
