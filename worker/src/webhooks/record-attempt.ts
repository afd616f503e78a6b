import type { WebhookOffReason } from '@fechatter/contract';
import { type Database, endWaitingDeliveries, inTransaction, lockLanes, type Notifier, sql } from '@fechatter/drizzle';
import { makeChange } from '@fechatter/server/change';
import { type AttemptResult, secondsUntilRetry } from './attempt-result.ts';
import type { NextDelivery } from './next-delivery.ts';
import { type MailVia, queueOffMails } from './queue-off-mails.ts';

export interface RecordDeps {
  readonly db: Database;
  readonly notifier: Notifier;
  readonly config: MailVia;
}

const FAILING_DAYS = 5;

/** What an attempt ended. */
interface Recorded {
  /** Whether the delivery is not tried again. */
  readonly isLast: boolean;
  /** Whether the webhook has failed for so long that it has to be switched off. */
  readonly isFailingLong: boolean;
}

/** The webhook's receiver saw this delivery, or it cannot any more. */
export async function finish(
  { db }: RecordDeps,
  { id, webhook_id: webhookId, attempts }: NextDelivery,
  { outcome, status, failure }: AttemptResult,
): Promise<Recorded> {
  const { rows } = await db.pool.query<{ is_failing_long: boolean | null }>({
    name: 'finish-webhook-delivery',
    text: `
      with done as (
        update webhook_deliveries set state = $3, attempts = $4 + 1, status = $5, failure = $6, due_at = null,
          attempted_at = clock_timestamp(), finished_at = clock_timestamp()
        where id = $1 and state = 'Waiting' and attempts = $4 returning 1)
      update webhooks set failing_since = case when $3 = 'Failed' then coalesce(failing_since, clock_timestamp()) end
      where id = $2 and (failing_since is not null or $3 = 'Failed') and exists (select from done)
      returning failing_since < clock_timestamp() - make_interval(days => ${FAILING_DAYS}) as is_failing_long`,
    values: [id, webhookId, outcome === 'delivered' ? 'Delivered' : 'Failed', attempts, status, failure],
  });
  return { isLast: true, isFailingLong: rows[0]?.is_failing_long === true };
}

/** Its event was pruned, or the bot does not see it any more: nothing was sent. */
export async function skip({ db }: RecordDeps, { id }: NextDelivery, failure: string): Promise<void> {
  await db.pool.query(
    `update webhook_deliveries set state = 'Skipped', failure = $2, due_at = null, finished_at = clock_timestamp()
     where id = $1 and state = 'Waiting'`,
    [id, failure],
  );
}

/** An attempt failed, and may succeed later. */
export async function putOff(
  { db }: RecordDeps,
  { id, webhook_id: webhookId, attempts }: NextDelivery,
  result: AttemptResult,
): Promise<Recorded> {
  const seconds = secondsUntilRetry(attempts + 1, result);
  return inTransaction(db, async (tx) => {
    // The lane first: a worker that gives it back looks for retries after this transaction.
    await tx.execute(sql`select 1 from webhook_lanes where webhook_id = ${webhookId} and is_retry for update`);
    await tx.execute(sql`
      update webhook_deliveries set attempts = ${attempts} + 1, status = ${result.status}, failure = ${result.failure},
        attempted_at = clock_timestamp(),
        state = ${seconds === undefined ? 'Failed' : 'Waiting'},
        due_at = ${seconds === undefined ? null : sql`clock_timestamp() + make_interval(secs => ${seconds})`},
        finished_at = ${seconds === undefined ? sql`clock_timestamp()` : null}
      where id = ${id} and state = 'Waiting' and attempts = ${attempts}`);
    if (seconds !== undefined)
      await tx.execute(sql`
        update webhook_lanes set due_at = least(due_at, clock_timestamp() + make_interval(secs => ${seconds}))
        where webhook_id = ${webhookId} and is_retry and lease is null`);
    const { rows } = await tx.execute<{ is_failing_long: boolean }>(sql`
      update webhooks set failing_since = coalesce(failing_since, clock_timestamp()) where id = ${webhookId}
      returning failing_since < clock_timestamp() - make_interval(days => ${FAILING_DAYS}) as is_failing_long`);
    return { isLast: seconds === undefined, isFailingLong: rows[0]?.is_failing_long === true };
  });
}

/** Switches a webhook off, records that in the audit log, and has the people who can switch it on informed by mail. */
export async function switchOff(
  deps: RecordDeps,
  { webhook_id: webhookId, workspace_id: workspaceId, bot_id: botId }: NextDelivery,
  reason: WebhookOffReason,
): Promise<void> {
  await makeChange({ deps }, async (change) => {
    await lockLanes(change.tx, webhookId);
    const { rows } = await change.tx.execute(sql`
      update webhooks set off_at = clock_timestamp(), off_reason = ${reason}
      where id = ${webhookId} and off_at is null and deleted_at is null returning 1`);
    if (rows.length === 0) return;
    await endWaitingDeliveries(change.tx, webhookId);
    await queueOffMails(change.tx, deps.config, webhookId);
    change.note('webhook.switchedOff', { workspaceId, userId: botId, details: { webhookId } });
  });
}
