import type { Page } from 'playwright-core';

/** The observations while scrolling by wheel to an end. */
export interface Glide {
  /** By how many pixels rows moved differently from the wheel. Without a jump there are none. */
  readonly jumps: readonly number[];
  /** The numbers of all lines that were on the screen. */
  readonly seen: ReadonlySet<number>;
}

/** The lines on the screen. */
export interface Sight {
  /** The top of each line on the screen, in pixels, by number. */
  readonly tops: Readonly<Record<string, number>>;
  readonly isAtEdge: boolean;
}

const TURNS_MAX = 2_000;
/** Browsers round positions. */
const SLACK_PX = 2;

/** Scrolls by `pixels` at a time until the end in that direction. */
export async function glide(page: Page, pixels: number): Promise<Glide> {
  await page.locator('.scroller').hover();
  const jumps: number[] = [];
  const seen = new Set<number>();
  let before = await look(page, pixels);
  for (let turn = 0; turn < TURNS_MAX; turn += 1) {
    for (const number of Object.keys(before.tops)) seen.add(Number(number));
    if (before.isAtEdge) return { jumps, seen };
    await page.mouse.wheel(0, pixels);
    const now = await look(page, pixels);
    jumps.push(...jumpsBetween(before, now, pixels));
    before = now;
  }
  throw new Error('the wheel did not come to an end');
}

/** By how many pixels lines have moved differently from one or two turns of the wheel. */
export function jumpsBetween(before: Sight, now: Sight, pixels: number): number[] {
  return Object.entries(before.tops).flatMap(([number, top]) => {
    const after = now.tops[number];
    if (after === undefined) return [];
    const moved = (top - after) * Math.sign(pixels);
    return moved < -SLACK_PX || moved > 2 * Math.abs(pixels) + SLACK_PX ? [Math.round(moved)] : [];
  });
}

/** The lines on the screen two frames later. */
export const look = (page: Page, pixels: number): Promise<Sight> =>
  page.evaluate(
    (isDown) =>
      new Promise<Sight>((resolve) => {
        requestAnimationFrame(() =>
          requestAnimationFrame(() => {
            const scroller = document.querySelector('.scroller');
            const { top: from = 0, bottom: to = 0 } = scroller?.getBoundingClientRect() ?? {};
            const tops = Object.fromEntries(
              [...document.querySelectorAll('.line')].flatMap((line) => {
                const { top, bottom } = line.getBoundingClientRect();
                const number = /line (\d+)/.exec(line.textContent)?.[1];
                return number !== undefined && bottom > from && top < to ? [[number, top]] : [];
              }),
            );
            const isFirst = document.querySelector('.beginning') !== null && scroller?.scrollTop === 0;
            resolve({ tops, isAtEdge: isDown ? document.querySelector('.jump') === null : isFirst });
          }),
        );
      }),
    pixels > 0,
  );
