import { limits } from '@fechatter/contract';
import { sql, type Tx } from '@fechatter/drizzle';
import { type Config, refuse } from '@fechatter/service-kit';

type Limits = Config<'server'>['limits'];

/** Refuses with quota_exceeded if `count`, including what is being added, is above the quota; 0 means no quota. */
function checkQuota(count: number, quota: number, what: string): void {
  if (quota > 0 && count >= quota) throw refuse('quota_exceeded', { message: `There are ${quota} ${what} already.` });
}

/**
 * Allows only one change of a person's memberships at a time, until the end of the transaction, so that their number is
 * exact. Take this lock before any head.
 */
export async function lockMemberships(tx: Tx, userId: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('memberships:' || ${userId}, 0))`);
}

/**
 * Refuses another workspace to a person who is in the maximum number, or owns the maximum number if they will own it.
 */
export async function checkMemberships(
  tx: Tx,
  userId: string,
  { workspacesPerPerson, workspacesOwned }: Limits,
  as: 'Owner' | 'member',
): Promise<void> {
  const { rows } = await tx.execute<{ all: number; owned: number }>(sql`
    select count(*)::int as all, count(*) filter (where role = 'Owner')::int as owned
    from live_workspace_members where user_id = ${userId}`);
  checkQuota(rows[0]?.all ?? 0, workspacesPerPerson, 'workspaces that you are in');
  if (as === 'Owner') checkQuota(rows[0]?.owned ?? 0, workspacesOwned, 'workspaces that you own');
}

/** Refuses another chat in a full workspace; concurrent creations can exceed the quota by one per process. */
export async function checkChats(tx: Tx, workspaceId: string, { chatsPerWorkspace }: Limits): Promise<void> {
  if (chatsPerWorkspace === 0) return;
  const { rows } = await tx.execute<{ count: number }>(sql`
    select count(*)::int from chat_heads h join chats c on c.id = h.chat_id and c.deleted_at is null
    where h.workspace_id = ${workspaceId}`);
  checkQuota(rows[0]?.count ?? 0, chatsPerWorkspace, 'chats in this workspace');
}

/** Refuses another invitation in a workspace with the maximum number of valid ones; lock its head first. */
export async function checkInvites(tx: Tx, workspaceId: string, { openInvites }: Limits): Promise<void> {
  const { rows } = await tx.execute<{ count: number }>(sql`
    select count(*)::int from workspace_invites
    where workspace_id = ${workspaceId} and revoked_at is null and expires_at > clock_timestamp() and uses < max_uses`);
  checkQuota(rows[0]?.count ?? 0, openInvites, 'invitations that still work');
}

/**
 * Refuses another bot in a workspace with the maximum number, of those that there are or of those created in a day: the rows of
 * deleted ones are kept for a month. Lock its head first.
 */
export async function checkBots(tx: Tx, workspaceId: string): Promise<void> {
  const { rows } = await tx.execute<{ live: number; recent: number }>(sql`
    select (select count(*)::int from bots where workspace_id = ${workspaceId} and deleted_at is null) as live,
      (select count(*)::int from bots
       where workspace_id = ${workspaceId} and created_at > clock_timestamp() - interval '1 day') as recent`);
  checkQuota(rows[0]?.live ?? 0, limits.botsMax, 'bots in this workspace');
  checkQuota(rows[0]?.recent ?? 0, limits.botsPerDay, 'bots of the last 24 hours in this workspace');
}

/** Refuses another emoji in a workspace with the maximum number; lock its head first. */
export async function checkEmoji(tx: Tx, workspaceId: string): Promise<void> {
  const { rows } = await tx.execute<{ count: number }>(
    sql`select count(*)::int from emoji where workspace_id = ${workspaceId}`,
  );
  checkQuota(rows[0]?.count ?? 0, limits.emojiMax, 'emoji in this workspace');
}

/** Refuses another webhook to a bot, or in a workspace, with the maximum number; lock its head first. */
export async function checkWebhooks(tx: Tx, workspaceId: string, botId: string): Promise<void> {
  const { rows } = await tx.execute<{ all: number; own: number }>(sql`
    select count(*)::int as all, count(*) filter (where w.bot_id = ${botId})::int as own
    from webhooks w join bots b on b.user_id = w.bot_id and b.deleted_at is null
    where b.workspace_id = ${workspaceId} and w.deleted_at is null`);
  checkQuota(rows[0]?.own ?? 0, limits.webhooksMax, 'webhooks of this bot');
  checkQuota(rows[0]?.all ?? 0, limits.webhooksOfWorkspaceMax, 'webhooks in this workspace');
}

/** Refuses another incoming webhook in a chat or workspace with the maximum number; lock the workspace's head first. */
export async function checkIncomingWebhooks(tx: Tx, workspaceId: string, chatId: string): Promise<void> {
  const { rows } = await tx.execute<{ all: number; own: number }>(sql`
    select count(*)::int as all, count(*) filter (where chat_id = ${chatId})::int as own
    from incoming_webhooks where workspace_id = ${workspaceId}`);
  checkQuota(rows[0]?.own ?? 0, limits.incomingWebhooksMax, 'incoming webhooks in this chat');
  checkQuota(rows[0]?.all ?? 0, limits.incomingWebhooksOfWorkspaceMax, 'incoming webhooks in this workspace');
}

/**
 * Refuses another saved message to a person who has the maximum number. Allows only one of a person to be saved at a time,
 * until the end of the transaction, so that their number is exact. Take this lock after all others.
 */
export async function checkSaved(tx: Tx, userId: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('saved:' || ${userId}, 0))`);
  const { rows } = await tx.execute<{ count: number }>(
    sql`select count(*)::int from saved_messages where user_id = ${userId}`,
  );
  checkQuota(rows[0]?.count ?? 0, limits.savedMax, 'messages that you saved');
}
