import type { ChatRow, Role } from '@fechatter/client';
import { useWorkspaces } from '@fechatter/client/react';
import { rankOf } from '../ui/roles.ts';

/** The person's role in a chat: in a public channel, Admins and Owners of the workspace have their rights too. */
export function useRoleIn({ chatType, workspaceId, role }: ChatRow): Role | null {
  const inWorkspace = useWorkspaces().find(({ id }) => id === workspaceId)?.role ?? null;
  return chatType === 'PublicChannel' && rankOf(inWorkspace) > rankOf(role) ? inWorkspace : role;
}
