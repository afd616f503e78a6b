import { lockLanes, sql, type Tx, type WebhookRow } from '@fechatter/drizzle';
import { type Change, makeChange } from '../change/change.ts';
import type { AuthedContext } from '../context.ts';
import { authorizeWebhook } from './authorize-webhook.ts';

/** A webhook whose row is locked. */
export interface LockedWebhook {
  readonly row: WebhookRow;
  readonly change: Change;
  /** Records an action on it in the audit log. */
  readonly note: (action: 'webhook.updated' | 'webhook.deleted' | 'webhook.secretRotated') => void;
}

/** Every change of a webhook: locks its lanes and its row, then authorises, then runs `work`. */
export function changeWebhook<T>(
  ctx: AuthedContext,
  webhookId: string,
  work: (tx: Tx, webhook: LockedWebhook) => Promise<T>,
): Promise<T> {
  return makeChange(ctx, async (change) => {
    await lockLanes(change.tx, webhookId);
    await change.tx.execute(sql`select 1 from webhooks where id = ${webhookId} for no key update`);
    const row = await authorizeWebhook(change.tx, ctx.principal.userId, webhookId);
    const { workspace_id: workspaceId, bot_id: userId } = row;
    return work(change.tx, {
      row,
      change,
      note: (action) => change.note(action, { workspaceId, userId, details: { webhookId } }),
    });
  });
}
