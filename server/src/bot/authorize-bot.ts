import { BotRef } from '@fechatter/contract';
import { sql, type Tx } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { isAtLeast } from '../access/role.ts';
import { authorizedBeforeBadInput } from '../access/scoped-procedures.ts';
import type { Cost } from '../limits/budgets.ts';
import { authed } from '../procedures.ts';
import type { Role } from '@fechatter/contract';

/** A bot that the caller manages. */
export interface ManagedBot {
  readonly workspaceId: string;
  /** The caller's role in the workspace. */
  readonly role: Role;
}

/**
 * The workspace of a bot, for its Admins and Owners. Refuses outsiders, and bots that were deleted, with bot_not_found and
 * lower roles with role_too_low.
 */
export async function authorizeBot(tx: Pick<Tx, 'execute'>, userId: string, botId: string): Promise<ManagedBot> {
  const { rows } = await tx.execute<{ workspace_id: string; role: Role }>(sql`
    select b.workspace_id, m.role from bots b
    join live_workspace_members m on m.workspace_id = b.workspace_id and m.user_id = ${userId}
    where b.user_id = ${botId} and b.deleted_at is null`);
  if (rows[0] === undefined) throw refuse('bot_not_found');
  if (!isAtLeast(rows[0].role, 'Admin')) throw refuse('role_too_low');
  return { workspaceId: rows[0].workspace_id, role: rows[0].role };
}

/** For people who manage the bot that the input names. */
export const ofBot = (cost: Cost) =>
  authorizedBeforeBadInput(authed(cost), 'bot.manage', async (tx, userId, input) => {
    const ref = BotRef.safeParse(input);
    if (ref.success) await authorizeBot(tx, userId, ref.data.botId);
  });
