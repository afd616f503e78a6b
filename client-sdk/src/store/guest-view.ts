import type { Known } from './reducer.ts';

/** The people whom a Guest sees in a workspace depend on the members of their chats, and must be read again. */
export function peopleOf(
  known: Pick<Known, 'workspaces'>,
  chat: { readonly workspaceId: string } | undefined,
): { readonly workspaceId: string } | undefined {
  if (chat === undefined || known.workspaces.get(chat.workspaceId)?.role !== 'Guest') return undefined;
  return { workspaceId: chat.workspaceId };
}
