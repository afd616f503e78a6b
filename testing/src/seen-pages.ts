import type { Browser, BrowserContext, Page } from 'playwright-core';

const NOTES_MAX = 40;
const SHOWN_MAX_CHARS = 6_000;
const LOOK_MS = 5_000;

/** Of each open page: what the browser complained about, and which requests failed. */
const notes = new Map<Page, string[]>();
/** What pages showed that were closed since the test began. */
let closed: string[] = [];

/** Notes what happens in all pages of a browser, for the report of a test that fails. */
export function watchPages(browser: Browser): void {
  browser.on('context', (context) => context.on('page', watch));
  browser.on('disconnected', () => {
    for (const page of notes.keys()) if (page.context().browser() === browser) notes.delete(page);
  });
}

function watch(page: Page): void {
  const noted: string[] = [];
  notes.set(page, noted);
  const note = (text: string) => {
    noted.push(`${new Date().toISOString().slice(11, 23)} ${text}`);
    if (noted.length > NOTES_MAX) noted.shift();
  };
  page.on('close', () => notes.delete(page));
  page.on('crash', () => note('the page crashed'));
  page.on('pageerror', (error) => note(`uncaught: ${String(error)}`));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) note(`${message.type()}: ${message.text()}`);
  });
  page.on('framenavigated', (frame) => note(`at ${frame.url()}`));
  page.on('requestfailed', (request) => note(`failed: ${request.url()} ${request.failure()?.errorText ?? ''}`));
  page.on('response', (response) => {
    if (response.status() >= 400) note(`status ${response.status()}: ${response.url()}`);
  });
}

/** What a page shows, as screen readers find it, and what was noted of it. */
async function seenOf(page: Page): Promise<string> {
  const shown = page
    .locator('body')
    .ariaSnapshot({ timeout: LOOK_MS })
    .catch((error: unknown) => `it cannot be looked at: ${String(error)}`);
  return [`The page ${page.url()} showed:`, (await shown).slice(0, SHOWN_MAX_CHARS), ...(notes.get(page) ?? [])].join(
    '\n',
  );
}

/** Closes a context, and keeps what its pages showed: the test that closes it may be failing. */
export async function closeSeen(context: BrowserContext): Promise<void> {
  closed.push(...(await Promise.all(context.pages().map(seenOf))));
  await context.close();
}

/** Adds what the page showed to an error. */
export async function explained<T>(page: Page, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw new Error(`${String(error)}\n${await seenOf(page)}`, { cause: error });
  }
}

/** What all pages of the test that just failed show or showed; empty if it used none. */
export async function pagesOfFailure(): Promise<string> {
  const open = await Promise.all([...notes.keys()].map(seenOf));
  return [...closed, ...open].join('\n\n');
}

/** The next test begins. */
export function forgetClosedPages(): void {
  closed = [];
}
