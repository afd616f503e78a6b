import type { Database } from '@fechatter/drizzle';
import type { JobDeps } from './job.ts';

/**
 * A replay may still be running for this long after the log has dropped the partition that it began in; streams and
 * replays read these memberships.
 */
const KEPT_LONGER_HOURS = 1;
const HOURS_A_DAY = 24;
const ROWS_A_TRANSACTION = 5_000;

interface Membership {
  readonly user_id: string;
  readonly id: string;
  readonly joined_seq: number;
}
const NIL = '00000000-0000-0000-0000-000000000000';
const BEGINNING: Membership = { user_id: NIL, id: NIL, joined_seq: 0 };

/**
 * Deletes memberships that ended before the oldest event in the log, except each person's newest; otherwise joining and
 * leaving could fill the table without limit. Memberships of workspaces stay as long as the audit log, which uses them
 * to show actions on a person's account.
 */
export async function forgetMemberships(
  { db, log, config }: Pick<JobDeps, 'db' | 'log' | 'config'>,
  signal: AbortSignal,
): Promise<void> {
  const hours = config.database.eventRetentionHours + KEPT_LONGER_HOURS;
  const keptHours = { chat: hours, workspace: Math.max(hours, (await auditDays(db)) * HOURS_A_DAY) };
  for (const scope of ['chat', 'workspace'] as const) {
    let gone = 0;
    for (let at: Membership | undefined = BEGINNING; at !== undefined && !signal.aborted; ) {
      const step = await forgetSome(db, scope, keptHours[scope], at);
      gone += step?.gone ?? 0;
      at = step;
    }
    if (gone > 0) log.info({ scope, gone }, 'memberships that ended long ago are forgotten');
  }
}

/** The retention of the audit log in days, as the database has it, not this worker's settings. */
async function auditDays({ pool }: Database): Promise<number> {
  const { rows } = await pool.query<{ days: number }>('select retention_days as days from audit_settings');
  if (rows[0] === undefined) throw new Error('the settings of the audit log are not there');
  return rows[0].days;
}

async function forgetSome(
  db: Database,
  scope: 'chat' | 'workspace',
  keptHours: number,
  { user_id: userId, id, joined_seq: seq }: Membership,
): Promise<(Membership & { readonly gone: number }) | undefined> {
  const { rows } = await db.pool.query<Membership & { readonly gone: number }>(
    'select user_id, id, joined_seq, gone from forget_memberships($1, make_interval(hours => $2), $3, $4, $5, $6)',
    [scope, keptHours, userId, id, seq, ROWS_A_TRANSACTION],
  );
  return rows[0];
}
