import { useSlice, useStore } from '@fechatter/client/react';
import type { KnownMember } from '@fechatter/client/store';

/** The members of a workspace; undefined until they were read. */
export function useWorkspaceMembers(workspaceId: string): readonly KnownMember[] | undefined {
  return useSlice(useStore().workspaceMembers(workspaceId));
}

/** The Guests among them. */
export function useGuests(workspaceId: string): ReadonlySet<string> {
  const members = useWorkspaceMembers(workspaceId);
  return new Set(members?.flatMap(({ user, role }) => (role === 'Guest' ? [user.id] : [])));
}
