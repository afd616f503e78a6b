import { sql, type Tx } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import type { RightCode } from './judge-code.ts';

/** Uses a right code up; of two at once one is refused. A sign-in does the same in one statement with its session. */
export async function spendCode(tx: Tx, userId: string, right: RightCode): Promise<void> {
  const { rows } =
    right.method === 'Totp'
      ? await tx.execute(sql`
          update totp_factors set last_step = ${right.step}
          where user_id = ${userId} and last_step < ${right.step} and confirmed_at is not null returning user_id`)
      : await tx.execute(sql`
          delete from recovery_codes where user_id = ${userId} and code_hash = ${right.codeHash} returning user_id`);
  if (rows.length === 0) throw refuse('token_spent');
}
