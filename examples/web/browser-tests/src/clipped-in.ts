import type { Locator } from 'playwright-core';

/** Controls that are partly outside of their dialog, or of a scrolling box in it. */
export const clippedIn = (dialog: Locator): Promise<string[]> =>
  dialog.evaluate((box) =>
    [...box.querySelectorAll('button, select, input:not([type="hidden"]), textarea, a')].flatMap((control) => {
      const { left, right, width } = control.getBoundingClientRect();
      const scrolling = control.closest('.rows') ?? box;
      const outer = scrolling.getBoundingClientRect();
      const isInside = left >= outer.left - 1 && right <= outer.left + scrolling.clientWidth + 2;
      return width === 0 || isInside ? [] : [`${box.getAttribute('aria-labelledby')}: ${control.outerHTML}`];
    }),
  );
