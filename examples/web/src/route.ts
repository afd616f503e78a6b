import { useSyncExternalStore } from 'react';

/** The current place: an invitation, the link of a mail, or a workspace and perhaps a chat in it. */
export interface Route {
  /** The link of a mail: what it is for, and its token. */
  readonly mailLink?: { readonly purpose: 'verify' | 'reset'; readonly token: string } | undefined;
  readonly inviteToken?: string | undefined;
  readonly workspaceId?: string | undefined;
  readonly chatId?: string | undefined;
  /** The number of a message in it. */
  readonly messageNumber?: number | undefined;
}

/** The URL's fragment contains the current place, so links, the back button and reloading work. */
export function useRoute(): Route {
  const hash = useSyncExternalStore(onHashChange, () => location.hash);
  const [path = '', query] = hash.replace(/^#\/?/, '').split('?');
  const [first, second, third = ''] = path.split('/').map(decoded);
  if (first === 'verify' || first === 'reset')
    return { mailLink: { purpose: first, token: new URLSearchParams(query).get('token') ?? '' } };
  if (first === 'invite') return { inviteToken: second };
  const messageNumber = /^\d{1,15}$/.test(third) ? Number(third) : undefined;
  return { workspaceId: first || undefined, chatId: second, messageNumber };
}

export const inviteLink = (token: string) => `${location.origin}/#/invite/${encodeURIComponent(token)}`;
export const workspaceLink = (workspaceId: string) => `#/${workspaceId}`;
export const chatLink = (chat: { readonly workspaceId: string; readonly id: string }) =>
  `#/${chat.workspaceId}/${chat.id}`;
export const messageLink = (chat: { readonly workspaceId: string; readonly id: string }, number: number) =>
  `${chatLink(chat)}/${number}`;

export function goTo(link: string): void {
  location.hash = link;
}

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
