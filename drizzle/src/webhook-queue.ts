import { sql } from 'drizzle-orm';
import type { Tx } from './transaction.ts';

/** Deliveries that may wait for one webhook; further events are dropped, and counted. */
const WAITING_MAX = 10_000;
/** A queue that is full is counted no more often than that: counting reads all that waits. */
const FULL_FOR_SECONDS = 10;
/** Why a delivery failed that waited when its webhook was switched off. */
const SWITCHED_OFF = 'switched_off';

/** Nothing is added to a webhook's queues until the end of the transaction. Take this lock before that of its row, as workers do. */
export async function lockLanes(tx: Pick<Tx, 'execute'>, webhookId: string): Promise<void> {
  await tx.execute(sql`select 1 from webhook_lanes where webhook_id = ${webhookId} order by is_retry for update`);
}

/** Ends what waits for a webhook that is switched off in this transaction, which has its lanes: at most 10,000 deliveries. */
export async function endWaitingDeliveries(tx: Pick<Tx, 'execute'>, webhookId: string): Promise<void> {
  await tx.execute(sql`
    update webhook_deliveries set state = 'Failed', failure = ${SWITCHED_OFF}, due_at = null, finished_at = clock_timestamp()
    where webhook_id = ${webhookId} and state = 'Waiting'`);
  await tx.execute(
    sql`update webhook_lanes set full_at = null where webhook_id = ${webhookId} and full_at is not null`,
  );
}

/**
 * Makes `webhook_lanes.room` say how many deliveries can be added to each of these webhooks, whose lanes this transaction has
 * locked: at least `wanted`, or all that there is room for. A caller that adds some subtracts them. What waits is counted only when
 * the room that was found last is used up, so a webhook costs one row read for each delivery, however many wait; one that is
 * full is taken to be so for ten seconds.
 */
export async function findRoom(tx: Pick<Tx, 'execute'>, webhookIds: readonly string[], wanted: number): Promise<void> {
  const some = (which: string) => `(select count(*) from (
    select from webhook_deliveries q where q.webhook_id = l.webhook_id and q.state = 'Waiting' and q.due_at is ${which}
    limit ${WAITING_MAX}) waiting)`;
  await tx.execute(sql`
    update webhook_lanes l set room = found.room,
      full_at = case when found.room < ${wanted}::int then clock_timestamp() end
    from (
      select l.webhook_id, greatest(0, ${WAITING_MAX}::int - ${sql.raw(`${some('null')} - ${some('not null')}`)}) as room
      from webhook_lanes l
      where l.webhook_id = any (${sql.param([...webhookIds])}::uuid[]) and not l.is_retry and l.room < ${wanted}::int
        and (l.full_at is null or l.full_at < clock_timestamp() - make_interval(secs => ${FULL_FOR_SECONDS}))) found
    where l.webhook_id = found.webhook_id and not l.is_retry`);
}
