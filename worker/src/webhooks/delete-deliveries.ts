import type { JobDeps } from '../maintenance/job.ts';

/** Of what is finished a webhook keeps as many, for at most this time. */
const KEPT_MAX = 1_000;
const KEPT_DAYS = 7;
const BATCH_ROWS = 1_000;
const WEBHOOKS_A_READ = 100;

/** Deletes old deliveries, and webhooks that were deleted or whose bot was, with what they have. */
export async function deleteDeliveries({ db }: Pick<JobDeps, 'db'>, signal: AbortSignal): Promise<void> {
  const rowsOf = async (text: string, values: readonly unknown[]) =>
    (await db.pool.query(text, [...values])).rowCount ?? 0;
  const repeat = async (text: string, values: readonly unknown[]) => {
    while (!signal.aborted && (await rowsOf(text, values)) === BATCH_ROWS);
  };
  await repeat(
    `delete from webhook_deliveries where id in (
       select id from webhook_deliveries where finished_at < now() - make_interval(days => $1) limit $2)`,
    [KEPT_DAYS, BATCH_ROWS],
  );
  for (let after = '00000000-0000-0000-0000-000000000000'; !signal.aborted; ) {
    const { rows } = await db.pool.query<{ id: string; is_deleted: boolean }>(
      `select w.id, w.deleted_at is not null or b.deleted_at is not null as is_deleted
       from webhooks w join bots b on b.user_id = w.bot_id where w.id > $1 order by w.id limit $2`,
      [after, WEBHOOKS_A_READ],
    );
    for (const { id, is_deleted: isDeleted } of rows) {
      after = id;
      await repeat(
        `delete from webhook_deliveries where id in (
           select id from webhook_deliveries where webhook_id = $1 and ($2 or finished_at is not null and number <= (
             select number from webhook_deliveries where webhook_id = $1 and finished_at is not null order by number desc offset $3 limit 1))
           limit $4)`,
        [id, isDeleted, KEPT_MAX, BATCH_ROWS],
      );
      if (isDeleted && !signal.aborted) await db.pool.query('delete from webhooks where id = $1', [id]);
    }
    if (rows.length < WEBHOOKS_A_READ) return;
  }
}
