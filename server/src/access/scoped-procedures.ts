import {
  type ChatPermission,
  ChatRef,
  type Permission,
  type WorkspacePermission,
  WorkspaceRef,
} from '@fechatter/contract';
import type { Tx } from '@fechatter/drizzle';
import type { AuthedContext } from '../context.ts';
import type { Cost } from '../limits/budgets.ts';
import { type Authed, authed, withPermission } from '../procedures.ts';
import { authorizeChat } from './authorize-chat.ts';
import { authorizeWorkspace } from './authorize-workspace.ts';

// 404 and 403 come before 400: only callers with the permission learn what is wrong with an input. A change authorises
// under its lock in any case, so this costs a query only if the input was refused.

/** For people who have this permission in the chat that the input names. */
export const inChat = (permission: ChatPermission, cost: Cost) =>
  authorizedBeforeBadInput(authed(cost), permission, async (tx, userId, input) => {
    const ref = ChatRef.safeParse(input);
    if (ref.success) await authorizeChat(tx, userId, ref.data.chatId, permission);
  });

/** For people who have this permission in the workspace that the input names; a base may limit them further. */
export const inWorkspace = (permission: WorkspacePermission, costOrBase: Cost | Authed) => {
  const base = typeof costOrBase === 'string' ? authed(costOrBase) : costOrBase;
  return authorizedBeforeBadInput(base, permission, async (tx, userId, input) => {
    const ref = WorkspaceRef.safeParse(input);
    if (ref.success) await authorizeWorkspace(tx, userId, ref.data.workspaceId, permission);
  });
};

/** A base procedure with this permission, whose callers are checked before their input is refused. */
export function authorizedBeforeBadInput(
  base: Authed,
  permission: Permission,
  authorize: (tx: Tx, userId: string, input: unknown) => Promise<void>,
) {
  return withPermission(base, permission).use(async ({ ctx, getRawInput, next }) => {
    const result = await next();
    if (result.ok || result.error.code !== 'BAD_REQUEST') return result;
    const { deps, principal }: AuthedContext = ctx;
    await authorize(deps.db.tables, principal.userId, await getRawInput());
    return result;
  });
}
