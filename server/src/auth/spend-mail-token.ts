import { sql, type Tx } from '@fechatter/drizzle';
import { hashOfToken, refuse } from '@fechatter/service-kit';
import type { Deps } from '../deps.ts';

/** The person of the token, and the address that it was sent to. */
export interface SpentToken {
  readonly userId: string;
  readonly address: string;
}
type Purpose = 'verify' | 'reset';

/** Uses a token from a mail up; used, late and invented ones are all the same: token_spent. */
export async function spendMailToken(tx: Tx, purpose: Purpose, token: string): Promise<SpentToken> {
  const { rows } = await tx.execute<{ user_id: string; address: string }>(sql`
    delete from mail_tokens where token_hash = ${hashOfToken(token)} and purpose = ${purpose} and expires_at > clock_timestamp()
    returning user_id, address`);
  if (rows[0] === undefined) throw refuse('token_spent');
  return { userId: rows[0].user_id, address: rows[0].address };
}

/** Checks whether a token would be accepted, before expensive work is done. */
export async function mustBeGood({ db }: Pick<Deps, 'db'>, purpose: Purpose, token: string): Promise<void> {
  const { rowCount } = await db.pool.query(
    'select from mail_tokens where token_hash = $1 and purpose = $2 and expires_at > clock_timestamp()',
    [hashOfToken(token), purpose],
  );
  if (rowCount === 0) throw refuse('token_spent');
}

/**
 * Ends the tokens of a person's earlier mails, and waiting mails that would contain one. The mails first: a worker
 * makes a token under the lock of its mail, so each token is either found here or never made.
 */
export async function endMailTokens(tx: Tx, userId: string, purpose: Purpose): Promise<void> {
  await tx.execute(sql`delete from mail_jobs where user_id = ${userId} and kind = ${purpose}`);
  await tx.execute(sql`delete from mail_tokens where user_id = ${userId} and purpose = ${purpose}`);
}
