import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';

/** The panel in its own tab, used as a person does. */
export interface PanelTab extends AsyncDisposable {
  readonly page: Page;
  /** Errors and warnings in the browser's console, including violations of the content security policy. */
  readonly complaints: readonly string[];
  button(name: string): Locator;
  field(label: string): Locator;
  /** Opens a procedure from the list. */
  open(procedure: string): Promise<void>;
  /** Calls the open procedure and waits for the response status. */
  call(): Promise<string>;
  /** The result of the last call. */
  result(): Promise<unknown>;
  signUp(): Promise<void>;
}

export interface TabOptions extends BrowserContextOptions {
  readonly hash?: string;
  /** Called before the page is loaded. */
  readonly prepare?: (page: Page) => Promise<void>;
}

/** Opens the panel. */
export async function openPanel(
  browser: Browser,
  serverUrl: string,
  { hash = '', prepare, ...options }: TabOptions = {},
): Promise<PanelTab> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(45_000);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  await prepare?.(page);
  await page.goto(`${serverUrl}/panel${hash}`);
  const status = page.locator('.result [data-status]');
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  await page.locator('.top').waitFor();
  return {
    page,
    complaints,
    button,
    field: (label) => page.getByLabel(label, { exact: true }),
    async open(procedure) {
      await page.locator(`nav a[data-name="${procedure}"]`).click();
      await page.getByRole('heading', { name: procedure, level: 1 }).waitFor();
    },
    async call() {
      const response = page.waitForResponse((response) => /\/trpc\//.test(response.url()));
      await button('Call').click();
      await response;
      await page.locator('button[aria-busy]').waitFor({ state: 'detached' });
      return status.innerText();
    },
    result: async () => JSON.parse(await page.locator('.result .value').innerText()) as unknown,
    async signUp() {
      await button('Sign up').click();
      await button('Make someone up').click();
      await page.locator('dialog button[type=submit]').click();
      await button('Sign out').waitFor();
    },
    [Symbol.asyncDispose]: () => context.close(),
  };
}
