import type { KnownMember } from '@fechatter/client/store';
import type { MemberUser } from '@fechatter/client';
import { useWorkspaceMembers } from '../workspace/use-workspace-members.ts';

const NO_ONE: ReadonlyMap<string, MemberUser> = new Map();
/** By the list that they are of, which is replaced when it changes. */
const known = new WeakMap<readonly KnownMember[], ReadonlyMap<string, MemberUser>>();

/** The people of a workspace by their ids; empty until they have been read. */
export function usePeople(workspaceId: string): ReadonlyMap<string, MemberUser> {
  const members = useWorkspaceMembers(workspaceId);
  if (members === undefined) return NO_ONE;
  const before = known.get(members);
  if (before !== undefined) return before;
  const people = new Map(members.map(({ user }) => [user.id, user]));
  known.set(members, people);
  return people;
}
