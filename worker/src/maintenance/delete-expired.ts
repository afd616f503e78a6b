import type { JobDeps } from './job.ts';

const BATCH_ROWS = 500;

/** Tables whose rows end at `expires_at`, with their keys. */
const expiring = {
  mail_tokens: 'token_hash',
  signin_challenges: 'token_hash',
  passkey_challenges: 'challenge_hash',
  exchanged_tokens: 'token_hash',
  oidc_flows: 'state_hash',
} as const;

/** Deletes the rows of a table that expired `lateHours` ago, in transactions of 500. */
export async function deleteExpired(
  { db }: Pick<JobDeps, 'db'>,
  signal: AbortSignal,
  table: keyof typeof expiring,
  lateHours = 0,
): Promise<void> {
  const key = expiring[table];
  for (let count = BATCH_ROWS; count === BATCH_ROWS && !signal.aborted; ) {
    const { rowCount } = await db.pool.query(
      `delete from ${table} where ${key} in (
         select ${key} from ${table} where expires_at < now() - make_interval(hours => $1)
         limit $2)`,
      [lateHours, BATCH_ROWS],
    );
    count = rowCount ?? 0;
  }
}
