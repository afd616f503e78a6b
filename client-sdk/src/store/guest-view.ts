import type { Known } from './reducer.ts';

/** Whom a Guest sees in a workspace depends on who is in their chats: that must be read again. */
export function peopleOf(
  known: Pick<Known, 'workspaces'>,
  chat: { readonly workspaceId: string } | undefined,
): { readonly workspaceId: string } | undefined {
  if (chat === undefined || known.workspaces.get(chat.workspaceId)?.role !== 'Guest') return undefined;
  return { workspaceId: chat.workspaceId };
}
