import type { LoggedEventKind, Role, WorkspacePermission } from '@fechatter/contract';
import type { EventDetailsArgument, Tx } from '@fechatter/drizzle';
import type { AuthedContext } from '../context.ts';
import { type Change, makeChange } from './change.ts';
import { authorizeWorkspace } from '../access/authorize-workspace.ts';

/** A workspace whose head is locked, for a member with the role that the change needs. */
export interface LockedWorkspace {
  readonly id: string;
  /** The caller's role. */
  readonly role: Role;
  readonly change: Change;
  readonly announce: <Kind extends LoggedEventKind>(kind: Kind, ...details: EventDetailsArgument<Kind>) => number;
}

/**
 * Every change of a workspace: locks its head, then checks in a new statement that the caller has `permission` in
 * it, then runs `work`. Refuses outsiders (workspace_not_found) and lower roles (role_too_low).
 */
export function changeWorkspace<T>(
  ctx: AuthedContext,
  workspaceId: string,
  permission: WorkspacePermission,
  work: (tx: Tx, workspace: LockedWorkspace) => Promise<T>,
): Promise<T> {
  return makeChange(ctx, async (change) => {
    await change.lockWorkspaces([workspaceId]);
    const role = await authorizeWorkspace(change.tx, ctx.principal.userId, workspaceId, permission);
    return work(change.tx, {
      id: workspaceId,
      role,
      change,
      announce: (kind, ...details) => change.announceInWorkspace(workspaceId, kind, ...details),
    });
  });
}
