import { createFechatter, type FechatterClient } from '@fechatter/client';
import { closeSeen, explained } from '@fechatter/testing/seen-pages';
import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from 'playwright-core';

/** A person with their own browser, on the page. */
export interface BrowserPerson extends AsyncDisposable {
  readonly email: string;
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors and warnings in the browser's console, including violations of the content security policy. */
  readonly complaints: readonly string[];
  button(name: string): Locator;
  field(label: string): Locator;
  /** The messages on the screen, in order. */
  shown(): Promise<string[]>;
  /** Sends a message in the open conversation. */
  send(content: string): Promise<void>;
  /** Waits until the message is shown as sent. */
  sees(content: string): Promise<void>;
}

export const PASSWORD = 'correct horse battery staple';

/** Opens the page at `address` and signs a person up. */
export async function newcomer(
  browser: Browser,
  address: string,
  name: string,
  options: BrowserContextOptions = {},
): Promise<BrowserPerson> {
  const person = await open(browser, address, options);
  return { ...person, email: await signUp(person.page, name) };
}

/** Opens the page in a separate browser. */
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
    if (['error', 'warning'].includes(message.type())) complaints.push(`${message.text()} ${message.location().url}`);
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
    async send(content) {
      const area = page.getByRole('textbox', { name: /^Message to/ });
      await area.fill(content);
      await area.press('Enter');
    },
    sees: (content) => page.locator('.message[data-state="sent"] .text').getByText(content, { exact: true }).waitFor(),
    [Symbol.asyncDispose]: () => closeSeen(context),
  };
}

const emailOf = (name: string) => `${name.split(' ')[0]}-${Date.now()}@example.com`.toLowerCase();

/** Signs a person up on the sign-up page; returns the e-mail address. */
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

/** Makes a workspace in the page and opens its channel. */
async function foundWorkspace(person: BrowserPerson, name: string): Promise<void> {
  await person.field('Name of the workspace').fill(name);
  await person.button('Create workspace').click();
  await openChat(person, 'general');
}

/** An invitation link to the workspace, made in the page. */
export async function inviteLinkOf(person: BrowserPerson): Promise<string> {
  await person.button('Invite people').click();
  await person.button('Make a link').click();
  const link = await person.page.getByRole('textbox', { name: /^Send this link/ }).inputValue();
  await person.button('Close').click();
  return link;
}

/** Deletes a message for everyone, by its menu. */
export async function deleteMessage(message: Locator): Promise<void> {
  await message.getByRole('button', { name: 'More actions' }).click();
  await message.getByRole('menuitem', { name: 'Delete message' }).click();
  await message.getByRole('menuitem', { name: 'Delete for everyone?' }).click();
}

/** Opens a conversation from the list. */
export async function openChat({ page }: BrowserPerson, name: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Conversations' }).getByRole('link', { name }).click();
  await page.getByRole('textbox', { name: `Message to ${name}` }).waitFor();
}

/** Signs a person up through the API; returns the e-mail address. */
async function signedUp(client: FechatterClient, fullName: string): Promise<string> {
  const email = emailOf(fullName);
  await client.auth.signup.mutate({ email, password: PASSWORD, fullName });
  return email;
}

/** Two people in one channel, each in their own browser; the API put them there, which is faster. */
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
    await explained(person.page, openChat(person, 'general'));
    return person;
  };
  return Promise.all([inBrowser(ada, emails[0]), inBrowser(bob, emails[1])]);
}

/** The same, all in the page: one signs up and makes the workspace, the other accepts an invitation. */
export async function twoByHand(browser: Browser, address: string): Promise<readonly [BrowserPerson, BrowserPerson]> {
  const ada = await newcomer(browser, address, 'Ada Lovelace');
  await foundWorkspace(ada, 'Analytical Engine');
  const bob = await newcomer(browser, await inviteLinkOf(ada), 'Bob Bemer');
  await bob.button('Accept').click();
  await openChat(bob, 'general');
  return [ada, bob];
}
