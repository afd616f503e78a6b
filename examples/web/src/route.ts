import { useSyncExternalStore } from 'react';

/** The pages of a workspace beside its chats. */
const PAGES = ['threads', 'saved'] as const;
export type WorkspacePageName = (typeof PAGES)[number];

/** The current place: an invitation, the link of a mail, or a workspace and perhaps a page, a chat or a thread in it. */
export interface Route {
  /** The link of a mail: what it is for, and its token. */
  readonly mailLink?: { readonly purpose: 'verify' | 'reset'; readonly token: string } | undefined;
  readonly inviteToken?: string | undefined;
  readonly workspaceId?: string | undefined;
  readonly page?: WorkspacePageName | undefined;
  readonly chatId?: string | undefined;
  /** The root of an open thread. */
  readonly rootId?: string | undefined;
  /** The number of a message in the chat, or in the open thread. */
  readonly messageNumber?: number | undefined;
}

/** The URL's fragment contains the current place, so links, the back button and reloading work. */
export function useRoute(): Route {
  const hash = useSyncExternalStore(onHashChange, () => location.hash);
  const [path = '', query] = hash.replace(/^#\/?/, '').split('?');
  const [first, second, third = '', ...rest] = path.split('/').map(decoded);
  if (first === 'verify' || first === 'reset')
    return { mailLink: { purpose: first, token: new URLSearchParams(query).get('token') ?? '' } };
  if (first === 'invite') return { inviteToken: second };
  const workspaceId = first || undefined;
  const page = PAGES.find((name) => name === second);
  if (page !== undefined) return { workspaceId, page };
  if (third !== 'thread') return { workspaceId, chatId: second, messageNumber: numberIn(third) };
  const [rootId, number = ''] = rest;
  return { workspaceId, chatId: second, rootId: rootId || undefined, messageNumber: numberIn(number) };
}

export const inviteLink = (token: string) => `${location.origin}/#/invite/${encodeURIComponent(token)}`;
export const workspaceLink = (workspaceId: string) => `#/${workspaceId}`;
export const chatLink = (chat: { readonly workspaceId: string; readonly id: string }) =>
  `#/${chat.workspaceId}/${chat.id}`;
export const messageLink = (chat: { readonly workspaceId: string; readonly id: string }, number: number) =>
  `${chatLink(chat)}/${number}`;

export const threadLink = (chatId: string, workspaceId: string, rootId: string, number?: number) =>
  `${chatLink({ workspaceId, id: chatId })}/thread/${rootId}${number === undefined ? '' : `/${number}`}`;
/** The link to a message, in its conversation or in its thread. */
export const linkOfMessage = (
  { chatId, threadId, number }: { readonly chatId: string; readonly threadId: string | null; readonly number: number },
  workspaceId: string,
) =>
  threadId === null
    ? messageLink({ workspaceId, id: chatId }, number)
    : threadLink(chatId, workspaceId, threadId, number);
export const pageLink = (workspaceId: string, page: WorkspacePageName) => `#/${workspaceId}/${page}`;

/** Goes there at once: for what a person has just chosen. */
export function goTo(link: string): void {
  location.hash = link;
}

/**
 * Goes to what an action made or found, unless the person has gone elsewhere meanwhile: the events of what they made arrive
 * before its response, so they may already be in it.
 */
export async function goWhen(action: Promise<string>): Promise<void> {
  const { hash } = location;
  const link = await action;
  if (location.hash === hash) location.hash = link;
}

const numberIn = (text: string) => (/^\d{1,15}$/.test(text) ? Number(text) : undefined);

/** A typed fragment may not be a valid encoding. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The same without a history entry: the previous link worked only once. */
export function goOnTo(link: string): void {
  location.replace(link);
}

function onHashChange(onChange: () => void): () => void {
  addEventListener('hashchange', onChange);
  return () => removeEventListener('hashchange', onChange);
}
