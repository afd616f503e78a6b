import { afterEach } from 'vitest';
import { forgetClosedPages, pagesOfFailure } from '../testing/src/seen-pages.ts';

/** A test that fails while pages are open in a browser reports what they showed, as a second error. */
afterEach(async ({ task }) => {
  const pages = task.result?.state === 'fail' ? await pagesOfFailure() : '';
  forgetClosedPages();
  if (pages !== '') throw new Error(pages);
});
