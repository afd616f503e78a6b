import type { Workspace } from '../wire.ts';
import { dropChat } from './chat.ts';
import { changeRole } from './member.ts';
import type { Known, Reducers } from './reducer.ts';
import { renameUser } from './user.ts';
import { Versioned } from './versioned.ts';

/** A workspace contains everything up to its lastSeq; its core is the profile that everyone in it sees. */
export const workspaces = new Versioned<Workspace, 'role'>({ version: 'lastSeq', parts: { role: { keys: ['role'] } } });

export const workspaceReducers: Reducers<'workspace'> = {
  'workspace.updated': (known, { workspaceId, workspaceSeq, workspace: profile }) =>
    changeWorkspace(known, workspaceId, (workspace) => workspaces.part(workspace, 'core', workspaceSeq, profile)),
  'workspace.deleted': (known, { workspaceId }) => dropWorkspace(known, workspaceId),
  'workspace.memberJoined'(known, { workspaceId, user, role }) {
    // A person who comes back may have a new name: its change was not delivered while they were away.
    renameUser(known, user);
    if (user.id === known.userId) return { workspaceId };
    known.members.get(workspaceId)?.set(user.id, { user, role });
    return undefined;
  },
  'workspace.memberLeft'(known, { workspaceId, userId }) {
    if (userId === known.userId) return dropWorkspace(known, workspaceId);
    known.members.get(workspaceId)?.delete(userId);
    return undefined;
  },
  'workspace.memberUpdated'(known, { workspaceId, workspaceSeq, userId, role }) {
    changeRole(known.members.get(workspaceId), userId, role);
    if (userId !== known.userId) return undefined;
    const before = known.workspaces.get(workspaceId)?.role;
    changeWorkspace(known, workspaceId, (workspace) => workspaces.part(workspace, 'role', workspaceSeq, { role }));
    // The lists change from here on.
    return before !== undefined && (before === 'Guest') !== (role === 'Guest') ? { workspaceId } : undefined;
  },
};

/** Replaces a workspace by the result of `change`. */
export function changeWorkspace(
  known: Pick<Known, 'workspaces'>,
  workspaceId: string,
  next: (workspace: Workspace) => Workspace,
): undefined {
  const workspace = known.workspaces.get(workspaceId);
  if (workspace === undefined) return;
  const changed = next(workspace);
  if (changed !== workspace) known.workspaces.set(workspaceId, changed);
}

/** A read has shown a workspace. */
export function putWorkspace(known: Pick<Known, 'workspaces'>, workspace: Workspace): void {
  known.workspaces.set(workspace.id, workspaces.whole(known.workspaces.get(workspace.id), workspace));
}

/** The person is not in a workspace any more, and so in none of its chats. */
function dropWorkspace(known: Known, workspaceId: string): undefined {
  known.workspaces.delete(workspaceId);
  known.members.delete(workspaceId);
  for (const chat of known.chats.values()) if (chat.workspaceId === workspaceId) dropChat(known, chat.id);
}
