import type { Database, MailDetails, MailKind } from '@fechatter/drizzle';

/** A mail that this worker may send until its lease ends. */
export interface MailJob {
  readonly id: string;
  readonly lease: string;
  readonly kind: MailKind;
  readonly userId: string | null;
  readonly address: string;
  readonly details: MailDetails;
  readonly createdAt: Date;
  /** Including the current attempt. */
  readonly attempts: number;
  readonly isLate: boolean;
}

/**
 * Longer than any attempt may take. After this time another worker takes over the mails of a worker that was killed.
 */
const LEASE_MS = 120_000;
const FIRST_RETRY_SECONDS = 15;
const RETRY_MAX_SECONDS = 3_600;

/** Claims mails that are due and that no worker holds. */
export async function claimMails({ pool }: Database, lease: string, atOnceMax: number): Promise<MailJob[]> {
  const { rows } = await pool.query<MailJob>(
    `update mail_jobs set lease = $1, leased_until = clock_timestamp() + $2 * interval '1 ms', attempts = attempts + 1
     where id in (
       select id from mail_jobs
       where failed_at is null and due_at <= clock_timestamp() and (leased_until is null or leased_until < clock_timestamp())
       order by due_at limit $3 for update skip locked)
     returning id, lease, kind, user_id as "userId", address, details, created_at as "createdAt", attempts,
       expires_at < clock_timestamp() as "isLate"`,
    [lease, LEASE_MS, atOnceMax],
  );
  return rows;
}

/** Deletes the job: the mail was sent, or there is no one to send it to. */
export async function forgetMail({ pool }: Database, { id, lease }: MailJob): Promise<void> {
  await pool.query('delete from mail_jobs where id = $1 and lease = $2', [id, lease]);
}

/** Reschedules a mail that could not be sent, with a delay that grows with each attempt. */
export async function putOff({ pool }: Database, { id, lease, attempts }: MailJob, failure: string): Promise<void> {
  await pool.query(
    `update mail_jobs set lease = null, leased_until = null, failure = $3,
       due_at = clock_timestamp() + make_interval(secs => $4) where id = $1 and lease = $2`,
    [id, lease, failure, Math.min(FIRST_RETRY_SECONDS * 2 ** (attempts - 1), RETRY_MAX_SECONDS)],
  );
}

/** Marks a mail as undeliverable: the failure is kept, the address is not. */
export async function giveUp({ pool }: Database, { id, lease }: MailJob, failure: string): Promise<void> {
  await pool.query(
    `update mail_jobs set lease = null, leased_until = null, failed_at = clock_timestamp(), failure = $3, address = '',
       details = '{}' where id = $1 and lease = $2`,
    [id, lease, failure],
  );
}

/** The number of waiting mails, and how many of them have failed before. */
export async function waitingMails({
  pool,
}: Database): Promise<{ readonly waiting: number; readonly failing: number }> {
  const { rows } = await pool.query<{ waiting: number; failing: number }>(
    `select count(*)::int as waiting, count(*) filter (where failure is not null)::int as failing
     from mail_jobs where failed_at is null`,
  );
  return rows[0] ?? { waiting: 0, failing: 0 };
}
