import type { Tx } from '@fechatter/drizzle';
import { type Change, makeChange } from '../change/change.ts';
import type { AuthedContext } from '../context.ts';
import { authorizeBot, type ManagedBot } from './authorize-bot.ts';

/** Every change of a bot that does not show in its profile: locks its workspace's head, then authorises, then runs `work`. */
export function changeBot<T>(
  ctx: AuthedContext,
  botId: string,
  work: (tx: Tx, bot: ManagedBot & { readonly change: Change }) => Promise<T>,
): Promise<T> {
  return makeChange(ctx, async (change) => {
    // The workspace of a bot never changes, so it can be read before the lock.
    const { workspaceId } = await authorizeBot(change.tx, ctx.principal.userId, botId);
    await change.lockWorkspaces([workspaceId]);
    return work(change.tx, { change, ...(await authorizeBot(change.tx, ctx.principal.userId, botId)) });
  });
}
