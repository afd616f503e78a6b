import type { Database } from '@fechatter/drizzle';
import { hashOfToken } from '@fechatter/service-kit';
import { randomBytes } from 'node:crypto';
import type { MailJob } from './mail-jobs.ts';

const TOKEN_BYTES = 16;
const GOOD_MINUTES = 30;

export interface LinkTarget {
  readonly purpose: 'verify' | 'reset';
  readonly userId: string;
  readonly address: string;
}

/**
 * Makes the link of a mail; undefined if the mail was cancelled meanwhile. Only the mail contains the token: the
 * database has its hash. The token is in the fragment, because nothing after `#` is sent to a server: no log
 * records it, and no scanner that follows links uses it up.
 */
export async function mailLink(
  { pool }: Database,
  webUrl: string,
  { purpose, userId, address }: LinkTarget,
  { id, lease }: Pick<MailJob, 'id' | 'lease'>,
): Promise<string | undefined> {
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  const { rowCount } = await pool.query(
    `insert into mail_tokens (token_hash, purpose, user_id, address, expires_at)
     select $1, $2, $3, $4, clock_timestamp() + make_interval(mins => $5)
     from mail_jobs where id = $6 and lease = $7 for share`,
    [hashOfToken(token), purpose, userId, address, GOOD_MINUTES, id, lease],
  );
  if (rowCount === 0) return undefined;
  return `${webUrl}/#/${purpose}?token=${token}`;
}
