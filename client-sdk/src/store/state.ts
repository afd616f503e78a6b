import type { ChatRow, MemberUser, Preferences, Role, Workspace } from '../wire.ts';

/** A member, kept up to date by events. */
export interface KnownMember {
  readonly user: MemberUser;
  readonly role: Role;
}

/** What one person's client knows: the results of the lists, kept up to date by events. */
export interface State {
  readonly userId: string;
  readonly workspaces: Map<string, Workspace>;
  readonly chats: Map<string, ChatRow>;
  /** By workspace or chat id. */
  readonly members: Map<string, Map<string, KnownMember>>;
  /** What the person has chosen for themselves; undefined until it has been read. */
  readonly own: { preferences: Preferences | undefined };
}

export const emptyState = (userId: string): State => ({
  userId,
  workspaces: new Map(),
  chats: new Map(),
  members: new Map(),
  own: { preferences: undefined },
});
