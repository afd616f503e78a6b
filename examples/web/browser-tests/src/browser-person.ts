import { createFechatter, type FechatterClient } from '@fechatter/client';
import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from 'playwright-core';

/** Someone with a browser of their own, in front of the page. */
export interface BrowserPerson extends AsyncDisposable {
  readonly email: string;
  readonly page: Page;
  readonly context: BrowserContext;
  /** What the browser complained about: errors and warnings, and everything that the policy has stopped. */
  readonly complaints: readonly string[];
  button(name: string): Locator;
  field(label: string): Locator;
  /** What stands on the screen as messages, in order. */
  shown(): Promise<string[]>;
  /** Writes into the open conversation. */
  say(content: string): Promise<void>;
  /** Waits until it stands there as sent. */
  sees(content: string): Promise<void>;
}

export const PASSWORD = 'correct horse battery staple';

/** Opens the page at `address` and signs somebody up there. */
export async function newcomer(
  browser: Browser,
  address: string,
  name: string,
  options: BrowserContextOptions = {},
): Promise<BrowserPerson> {
  const person = await open(browser, address, options);
  return { ...person, email: await signUp(person.page, name) };
}

/** Opens the page in a browser of somebody's own. */
export async function open(
  browser: Browser,
  address: string,
  options: BrowserContextOptions = {},
): Promise<Omit<BrowserPerson, 'email'>> {
  const context = await browser.newContext({ viewport: { width: 1200, height: 760 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(45_000);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  await page.goto(address);
  const field = (label: string) => page.getByLabel(label, { exact: true });
  const button = (label: string) => page.getByRole('button', { name: label, exact: true });
  return {
    page,
    context,
    complaints,
    button,
    field,
    shown: () => page.locator('.message .text').allInnerTexts(),
    async say(content) {
      const area = page.getByRole('textbox', { name: /^Message to/ });
      await area.fill(content);
      await area.press('Enter');
    },
    sees: (content) => page.locator('.message[data-state="sent"] .text').getByText(content, { exact: true }).waitFor(),
    [Symbol.asyncDispose]: () => context.close(),
  };
}

const emailOf = (name: string) => `${name.split(' ')[0]}-${Date.now()}@example.com`.toLowerCase();

/** Signs somebody up on the page that asks for it; returns the e-mail address. */
export async function signUp(page: Page, name: string): Promise<string> {
  const email = emailOf(name);
  const field = (label: string) => page.getByLabel(label, { exact: true });
  await field('Name').fill(name);
  await field('E-mail').fill(email);
  await field('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign up', exact: true }).click();
  await page
    .getByRole('heading', { level: 1 })
    .filter({ hasText: /Welcome|invited/ })
    .waitFor();
  return email;
}

/** Makes a workspace by hand, as its first person does, and opens its channel. */
async function foundWorkspace(person: BrowserPerson, name: string): Promise<void> {
  await person.field('Name of the workspace').fill(name);
  await person.button('Create workspace').click();
  await openChat(person, 'general');
}

/** A link that leads into the workspace, made by hand. */
export async function inviteLinkOf(person: BrowserPerson): Promise<string> {
  await person.button('Invite people').click();
  await person.button('Make a link').click();
  const link = await person.page.getByRole('textbox', { name: /^Send this link/ }).inputValue();
  await person.button('Close').click();
  return link;
}

/** Opens a conversation from the list. */
export async function openChat({ page }: BrowserPerson, name: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Conversations' }).getByRole('link', { name }).click();
  await page.getByRole('textbox', { name: `Message to ${name}` }).waitFor();
}

/** Signs somebody up through the API; returns the e-mail address. */
async function signedUp(client: FechatterClient, fullName: string): Promise<string> {
  const email = emailOf(fullName);
  await client.auth.signup.mutate({ email, password: PASSWORD, fullName });
  return email;
}

/** Two people in one channel, each in a browser of their own; they came there through the API, where it is quicker. */
export async function twoInChannel(
  browser: Browser,
  address: string,
): Promise<readonly [BrowserPerson, BrowserPerson]> {
  // What follows needs no events.
  const client = () => createFechatter({ serverUrl: address, notifyUrl: address });
  const [ada, bob] = [client(), client()];
  const emails = await Promise.all([signedUp(ada, 'Ada Lovelace'), signedUp(bob, 'Bob Bemer')]);
  const { id: workspaceId } = await ada.workspace.create.mutate({ name: 'Analytical Engine' });
  const { token } = await ada.workspace.invite.mutate({ workspaceId, role: 'Member' });
  await bob.workspace.acceptInvite.mutate({ token });
  const memberIds = [bob.session?.id ?? ''];
  await ada.chat.create.mutate({ name: 'general', chatType: 'PublicChannel', workspaceId, memberIds });
  const inBrowser = async ({ session }: FechatterClient, email: string): Promise<BrowserPerson> => {
    const localStorage = [{ name: 'fechatter.session', value: JSON.stringify(session) }];
    const storageState = { cookies: [], origins: [{ origin: address, localStorage }] };
    const person = { ...(await open(browser, address, { storageState })), email };
    await openChat(person, 'general');
    return person;
  };
  return Promise.all([inBrowser(ada, emails[0]), inBrowser(bob, emails[1])]);
}

/** The same, all of it by hand: one signs up and makes the workspace, the other comes by an invitation. */
export async function twoByHand(browser: Browser, address: string): Promise<readonly [BrowserPerson, BrowserPerson]> {
  const ada = await newcomer(browser, address, 'Ada Lovelace');
  await foundWorkspace(ada, 'Analytical Engine');
  const bob = await newcomer(browser, await inviteLinkOf(ada), 'Bob Bemer');
  await bob.button('Accept').click();
  await openChat(bob, 'general');
  return [ada, bob];
}
