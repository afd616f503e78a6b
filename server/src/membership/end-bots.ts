import { sql } from '@fechatter/drizzle';
import type { Change } from '../change/change.ts';
import { endMembership } from './end-workspace-membership.ts';

/**
 * Ends the bots that leave a workspace with their membership: `only` this one, or all. Their keys end too, for good, and their
 * streams are cut. The workspace's head is locked.
 */
export async function endBots(change: Change, workspaceId: string, only: string | null): Promise<void> {
  await endIncomingWebhooks(change, workspaceId, only);
  const { rows } = await change.tx.execute<{ user_id: string; session_id: string }>(sql`
    with ended as (
      update bots set deleted_at = clock_timestamp()
      where workspace_id = ${workspaceId} and deleted_at is null
        and (${only}::uuid is null or user_id = ${only}::uuid)
      returning user_id, session_id)
    update sessions s set revoked_at = now() from ended e
    where s.id = e.session_id and s.revoked_at is null returning e.user_id, e.session_id`);
  for (const { user_id: userId, session_id: sessionId } of rows) {
    change.announceToUser(userId, 'session.revoked', {}, { subjectId: sessionId });
    change.note('bot.deleted', { workspaceId, userId, details: { sessionId } });
  }
}

/**
 * Deletes the incoming webhooks whose bots leave a workspace with their membership: that of this bot, or all. The workspace's
 * head is locked.
 */
async function endIncomingWebhooks(change: Change, workspaceId: string, only: string | null): Promise<void> {
  const { rows } = await change.tx.execute<{ id: string; chat_id: string; user_id: string }>(sql`
    delete from incoming_webhooks
    where workspace_id = ${workspaceId} and (${only}::uuid is null or user_id = ${only}::uuid)
    returning id, chat_id, user_id`);
  for (const { id: webhookId, chat_id: chatId, user_id: userId } of rows)
    change.note('incomingWebhook.deleted', { workspaceId, userId, details: { chatId, webhookId } });
}

/** Ends the membership of a person or a bot in a workspace whose head is locked; a bot ends with it. */
export async function endMembershipOrBot(change: Change, workspaceId: string, userId: string): Promise<void> {
  await endMembership(change, workspaceId, userId);
  await endBots(change, workspaceId, userId);
}
