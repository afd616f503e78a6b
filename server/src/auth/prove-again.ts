import type { Reauthentication } from '@fechatter/contract';
import { sql, type Tx } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import type { z } from 'zod';
import type { AuthedContext } from '../context.ts';
import { sessionSource } from './code-source.ts';
import { verifyCode } from './verify-code.ts';
import { verifyOwnPasskey } from './verify-passkey.ts';
import { noteReauthenticationFailed } from './note-reauthentication-failed.ts';
import { provePassword } from './own-password.ts';
import { spendFactor } from './spend-factor.ts';

/** A correct credential that a signed-in person gave again. */
export interface Proof {
  /**
   * Locks the person's row and uses the credential up: refused if the password was changed meanwhile, or if the code was
   * used.
   */
  spend(tx: Tx): Promise<void>;
}

/**
 * Verifies the password, the code or the passkey that a signed-in person gave in addition to their session. Limited to
 * 10 a minute, to 100 wrong passwords and 20 wrong codes an hour, and 60 codes a day, per session.
 */
export async function proveAgain(ctx: AuthedContext, given: z.infer<typeof Reauthentication>): Promise<Proof> {
  const { userId, credential } = ctx.principal;
  if (given.currentPassword !== undefined) {
    const proved = await provePassword(ctx, given.currentPassword);
    return { spend: (tx) => mustHavePassword(tx, userId, proved) };
  }
  await ctx.deps.limits.take(ctx, 'passwordChange', credential.sessionId);
  const verified =
    given.code === undefined
      ? verifyOwnPasskey(ctx, userId, given.passkey)
      : verifyCode(ctx, userId, sessionSource(ctx), given.code);
  const right = await verified.catch(async (error: unknown) => {
    await noteReauthenticationFailed(ctx);
    throw error;
  });
  return {
    async spend(tx) {
      await mustHavePassword(tx, userId, undefined);
      await spendFactor(tx, userId, right);
    },
  };
}

async function mustHavePassword(tx: Tx, userId: string, passwordHash: string | undefined): Promise<void> {
  const { rows } = await tx.execute<{ password_hash: string }>(
    sql`select password_hash from users where id = ${userId} and status = 'Active' for no key update`,
  );
  if (rows[0] === undefined) throw refuse('session_revoked');
  if (passwordHash !== undefined && rows[0].password_hash !== passwordHash) throw refuse('wrong_password');
}
