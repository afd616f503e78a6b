import { IncomingWebhookRef } from '@fechatter/contract';
import { sql, type Tx } from '@fechatter/drizzle';
import { Refusal, refuse } from '@fechatter/service-kit';
import { authorizeChat } from '../access/authorize-chat.ts';
import { authorizedBeforeBadInput } from '../access/scoped-procedures.ts';
import type { Cost } from '../limits/budgets.ts';
import { authed } from '../procedures.ts';

/** Where an incoming webhook is, and the bot that sends what it gets. */
export interface ManagedIncoming {
  readonly chat_id: string;
  readonly workspace_id: string;
  readonly user_id: string;
}

/**
 * An incoming webhook, for Admins and Owners of its chat. Who cannot see the chat, or only read it, is refused with
 * webhook_not_found, as if there were none, and lower roles with role_too_low.
 */
export async function authorizeIncoming(tx: Tx, userId: string, webhookId: string): Promise<ManagedIncoming> {
  const { rows } = await tx.execute<ManagedIncoming & Record<string, unknown>>(sql`
    select chat_id, workspace_id, user_id from incoming_webhooks where id = ${webhookId}`);
  if (rows[0] === undefined) throw refuse('webhook_not_found');
  try {
    await authorizeChat(tx, userId, rows[0].chat_id, 'chat.manageWebhooks');
  } catch (error) {
    if (error instanceof Refusal && error.reason !== 'role_too_low') throw refuse('webhook_not_found');
    throw error;
  }
  return rows[0];
}

/** For people who manage the incoming webhook that the input names. */
export const ofIncoming = (cost: Cost) =>
  authorizedBeforeBadInput(authed(cost), 'chat.manageWebhooks', async (tx, userId, input) => {
    const ref = IncomingWebhookRef.safeParse(input);
    if (ref.success) await authorizeIncoming(tx, userId, ref.data.webhookId);
  });
