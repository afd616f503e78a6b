import { type Database, inTransaction, sql } from '@fechatter/drizzle';

/** A queue of a webhook that this worker has until its lease ends. */
export interface Lane {
  readonly webhookId: string;
  readonly isRetry: boolean;
  readonly lease: string;
}

/** Lanes that share connections: a slow or failing receiver delays only others like it. */
export interface LaneClass {
  readonly isRetry: boolean;
  readonly isSlow: boolean;
}

/** Longer than a worker keeps a lane: after this time another worker takes it from one that was killed. */
const LEASE_SECONDS = 60;

/** A slow receiver counts as quick again after it has taken this many quickly. */
const QUICK_MIN = 5;
/**
 * Of the lanes that are due, so many are looked at: as no workspace has more than 100 webhooks, these are of ten workspaces
 * that may have more lanes.
 */
const DUE_MAX = 1_000;

/** How many lanes a worker takes, and how many of one workspace all workers together have at once. */
export interface LaneLimits {
  readonly lanesMax: number;
  readonly ofWorkspaceMax: number;
}

/** The lanes that are due and that no worker has. */
export async function claimLanes(
  { pool }: Database,
  { isRetry, isSlow }: LaneClass,
  lease: string,
  { lanesMax, ofWorkspaceMax }: LaneLimits,
): Promise<Lane[]> {
  const { rows } = await pool.query<Lane>({
    name: 'claim-webhook-lanes',
    text: `
      with busy as materialized (
        select w.workspace_id, count(*) as lanes from webhook_lanes l join webhooks w on w.id = l.webhook_id
        where l.is_retry = $1 and l.is_slow = $2 and l.lease is not null and l.due_at > clock_timestamp()
          and l.due_at <= clock_timestamp() + make_interval(secs => ${LEASE_SECONDS})
        group by 1),
      due as materialized (
        select l.webhook_id, l.due_at, w.workspace_id, $5 - coalesce(b.lanes, 0) as free
        from webhook_lanes l join webhooks w on w.id = l.webhook_id left join busy b on b.workspace_id = w.workspace_id
        where l.is_retry = $1 and l.is_slow = $2 and l.due_at <= clock_timestamp() and coalesce(b.lanes, 0) < $5
        order by l.due_at limit ${DUE_MAX}),
      ranked as materialized (
        select *, row_number() over (partition by workspace_id order by due_at) as rank from due),
      taken as materialized (
        select l.webhook_id from ranked r join webhook_lanes l on l.webhook_id = r.webhook_id
        where r.rank <= r.free and l.is_retry = $1 and l.is_slow = $2 and l.due_at <= clock_timestamp()
        order by r.due_at limit $4 for update of l skip locked)
      update webhook_lanes l set lease = $3, due_at = clock_timestamp() + make_interval(secs => ${LEASE_SECONDS})
      from taken where l.webhook_id = taken.webhook_id and l.is_retry = $1
      returning l.webhook_id as "webhookId", l.is_retry as "isRetry", l.lease`,
    values: [isRetry, isSlow, lease, lanesMax, ofWorkspaceMax],
  });
  return rows;
}

/** Its receiver is being slow: other lanes of its workspace may be taken meanwhile. */
export async function markSlow({ pool }: Database, { webhookId, isRetry, lease }: Lane): Promise<void> {
  await pool.query(
    `update webhook_lanes set is_slow = true, quick_count = 0
     where webhook_id = $1 and is_retry = $2 and lease = $3 and not is_slow`,
    [webhookId, isRetry, lease],
  );
}

/** What a worker saw of a receiver while it had a lane. */
export interface Seen {
  /** Whether the last response was slow or a failure. */
  readonly isSlow: boolean;
  readonly quick: number;
}

/**
 * Gives a lane back: it is due when there is something to send. The look is a statement after the lock: a transaction that
 * adds something to the lane holds that lock until it is committed.
 */
export async function releaseLane(
  db: Database,
  { webhookId, isRetry, lease }: Lane,
  { isSlow, quick }: Seen,
): Promise<void> {
  await inTransaction(db, async (tx) => {
    const { rows } = await tx.execute(sql`
      select 1 from webhook_lanes where webhook_id = ${webhookId} and is_retry = ${isRetry} and lease = ${lease} for update`);
    if (rows.length === 0) return;
    const due = isRetry
      ? sql`select min(d.due_at) from webhook_deliveries d
          where d.webhook_id = w.id and d.state = 'Waiting' and d.due_at is not null`
      : sql`select clock_timestamp() from webhook_deliveries d
          where d.webhook_id = w.id and d.state = 'Waiting' and d.due_at is null limit 1`;
    const quickCount = isSlow ? sql`0` : sql`least(quick_count + ${quick}::int, ${QUICK_MIN}::int)`;
    await tx.execute(sql`
      update webhook_lanes set lease = null, quick_count = ${quickCount},
        is_slow = ${isSlow} or is_slow and ${quickCount} < ${QUICK_MIN}::int, due_at = (
        select (${due}) from webhooks w
        join bots b on b.user_id = w.bot_id and b.deleted_at is null
        join users u on u.id = b.user_id and u.status = 'Active'
        where w.id = ${webhookId} and w.off_at is null and w.deleted_at is null)
      where webhook_id = ${webhookId} and is_retry = ${isRetry}`);
  });
}
