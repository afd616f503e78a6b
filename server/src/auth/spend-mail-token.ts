import { sql, type Tx } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import type { Deps } from '../deps.ts';
import { hashOfToken } from '../identity/hash-of-token.ts';

/** Whose token it was, and the address that it was sent to. */
export interface SpentToken {
  readonly userId: string;
  readonly address: string;
}
type Purpose = 'verify' | 'reset';

/** Takes a token from a mail, once; spent, late and made-up ones are all the same: token_spent. */
export async function spendMailToken(tx: Tx, purpose: Purpose, token: string): Promise<SpentToken> {
  const { rows } = await tx.execute<{ user_id: string; address: string }>(sql`
    delete from mail_tokens where token_hash = ${hashOfToken(token)} and purpose = ${purpose} and expires_at > clock_timestamp()
    returning user_id, address`);
  if (rows[0] === undefined) throw refuse('token_spent');
  return { userId: rows[0].user_id, address: rows[0].address };
}

/** Looks whether it would be taken, before anything is done that costs much. */
export async function mustBeGood({ db }: Pick<Deps, 'db'>, purpose: Purpose, token: string): Promise<void> {
  const { rowCount } = await db.pool.query(
    'select from mail_tokens where token_hash = $1 and purpose = $2 and expires_at > clock_timestamp()',
    [hashOfToken(token), purpose],
  );
  if (rowCount === 0) throw refuse('token_spent');
}

/**
 * Ends what links of a person's earlier mails would do, and mails that are about to bring one. The mails first: a worker
 * makes a token under the lock of its mail, so each is either found here or not made any more.
 */
export async function endMailTokens(tx: Tx, userId: string, purpose: Purpose): Promise<void> {
  await tx.execute(sql`delete from mail_jobs where user_id = ${userId} and kind = ${purpose}`);
  await tx.execute(sql`delete from mail_tokens where user_id = ${userId} and purpose = ${purpose}`);
}
