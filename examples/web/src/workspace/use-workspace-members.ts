import { useSlice, useStore } from '@fechatter/client/react';
import type { KnownMember } from '@fechatter/client/store';

/** Who is in a workspace; undefined until it was read. */
export function useWorkspaceMembers(workspaceId: string): readonly KnownMember[] | undefined {
  return useSlice(useStore().workspaceMembers(workspaceId));
}

/** Who of them is a Guest. */
export function useGuests(workspaceId: string): ReadonlySet<string> {
  const members = useWorkspaceMembers(workspaceId);
  return new Set(members?.flatMap(({ user, role }) => (role === 'Guest' ? [user.id] : [])));
}
