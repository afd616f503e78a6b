import { ChatRef, type Role, WorkspaceRef } from '@fechatter/contract';
import type { Tx } from '@fechatter/drizzle';
import type { AuthedContext } from '../context.ts';
import { authed } from '../procedures.ts';
import { type ChatRule, authorizeChat } from './authorize-chat.ts';
import { authorizeWorkspace } from './authorize-workspace.ts';

// 404 and 403 come before 400: what is wrong with an input is told only to those who may do the thing at all. A change
// authorises under its lock in any case, so this costs a query only where the input was refused.

/** For who passes `rule` in the chat that the input names. */
export const inChat = (needed: ChatRule['needed'] | ChatRule) => {
  const rule: ChatRule = typeof needed === 'string' ? { needed } : needed;
  return authorizedBeforeBadInput(async (tx, userId, input) => {
    const ref = ChatRef.safeParse(input);
    if (ref.success) await authorizeChat(tx, userId, ref.data.chatId, rule);
  });
};

/** For who has at least this role in the workspace that the input names; `base` may limit them. */
export const inWorkspace = (needed: Role, base = authed) =>
  authorizedBeforeBadInput(async (tx, userId, input) => {
    const ref = WorkspaceRef.safeParse(input);
    if (ref.success) await authorizeWorkspace(tx, userId, ref.data.workspaceId, needed);
  }, base);

function authorizedBeforeBadInput(judge: (tx: Tx, userId: string, input: unknown) => Promise<void>, base = authed) {
  return base.use(async ({ ctx, getRawInput, next }) => {
    const result = await next();
    if (result.ok || result.error.code !== 'BAD_REQUEST') return result;
    const { deps, user }: AuthedContext = ctx;
    await judge(deps.db.tables, user.id, await getRawInput());
    return result;
  });
}
