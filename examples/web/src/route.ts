import { useSyncExternalStore } from 'react';

/** Where one is: an invitation, or a workspace and perhaps a chat in it. */
export interface Route {
  readonly inviteToken?: string | undefined;
  readonly workspaceId?: string | undefined;
  readonly chatId?: string | undefined;
}

/** The address after the `#` says where one is: links, the back button and reloading work by themselves. */
export function useRoute(): Route {
  const hash = useSyncExternalStore(onHashChange, () => location.hash);
  const [first, second] = hash.replace(/^#\/?/, '').split('/').map(decoded);
  return first === 'invite' ? { inviteToken: second } : { workspaceId: first || undefined, chatId: second };
}

export const inviteLink = (token: string) => `${location.origin}/#/invite/${encodeURIComponent(token)}`;
export const workspaceLink = (workspaceId: string) => `#/${workspaceId}`;
export const chatLink = (chat: { readonly workspaceId: string; readonly id: string }) =>
  `#/${chat.workspaceId}/${chat.id}`;

export function goTo(link: string): void {
  location.hash = link;
}

/** What somebody typed after the `#` may be no encoding of anything. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function onHashChange(onChange: () => void): () => void {
  addEventListener('hashchange', onChange);
  return () => removeEventListener('hashchange', onChange);
}
