import { sql, type Tx } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import type { RightCode } from './verify-code.ts';
import type { RightPasskey } from './verify-passkey.ts';

/**
 * Uses a right code up, or notes that a passkey was used; of two at once one is refused. A sign-in does the same in one
 * statement with its session.
 */
export async function spendFactor(tx: Tx, userId: string, right: RightCode | RightPasskey): Promise<void> {
  const { rows } = await tx.execute(spending(userId, right));
  if (rows.length === 0) throw refuse('token_spent');
}

function spending(userId: string, right: RightCode | RightPasskey) {
  switch (right.method) {
    case 'Totp':
      return sql`
        update totp_factors set last_step = ${right.step}
        where user_id = ${userId} and last_step < ${right.step} and confirmed_at is not null returning user_id`;
    case 'RecoveryCode':
      return sql`
        delete from recovery_codes where user_id = ${userId} and code_hash = ${right.codeHash} returning user_id`;
    case 'Passkey':
      return sql`
        update passkeys set sign_count = ${right.signCount}, is_synced = ${right.isSynced}, last_used_at = now()
        where id = ${right.passkeyId} and user_id = ${userId}
          and (sign_count < ${right.signCount} or sign_count = 0 and ${right.signCount} = 0) returning user_id`;
    default:
      return right satisfies never;
  }
}
