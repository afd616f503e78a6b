import { WebhookRef } from '@fechatter/contract';
import { sql, type Tx, type WebhookRow, webhookColumns } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { isAtLeast } from '../access/role.ts';
import { authorizedBeforeBadInput } from '../access/scoped-procedures.ts';
import type { Role } from '@fechatter/contract';
import type { Cost } from '../limits/budgets.ts';
import { authed } from '../procedures.ts';

/**
 * A webhook, for Admins and Owners of its workspace. Refuses outsiders, and webhooks and bots that were deleted, with
 * webhook_not_found and lower roles with role_too_low.
 */
export async function authorizeWebhook(
  tx: Pick<Tx, 'execute'>,
  userId: string,
  webhookId: string,
): Promise<WebhookRow & { readonly workspace_id: string }> {
  const { rows } = await tx.execute<WebhookRow & { workspace_id: string; caller_role: Role }>(sql`
    select ${sql.raw(webhookColumns)}, w.workspace_id, m.role as caller_role from webhooks w
    join bots b on b.user_id = w.bot_id and b.deleted_at is null
    join live_workspace_members m on m.workspace_id = w.workspace_id and m.user_id = ${userId}
    where w.id = ${webhookId} and w.deleted_at is null`);
  if (rows[0] === undefined) throw refuse('webhook_not_found');
  if (!isAtLeast(rows[0].caller_role, 'Admin')) throw refuse('role_too_low');
  return rows[0];
}

/** For people who manage the webhook that the input names. */
export const ofWebhook = (cost: Cost) =>
  authorizedBeforeBadInput(authed(cost), 'bot.manage', async (tx, userId, input) => {
    const ref = WebhookRef.safeParse(input);
    if (ref.success) await authorizeWebhook(tx, userId, ref.data.webhookId);
  });
