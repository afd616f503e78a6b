import { eq, schema } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import type { AuthedContext } from '../context.ts';
import { comparePassword } from './compare-password.ts';
import { noteReauthenticationFailed } from './note-reauthentication-failed.ts';
import { ownSession } from './password-source.ts';

const { users } = schema;

/**
 * For calls that need the caller's password in addition to their session. Limited to 10 a minute and to 100 wrong
 * passwords an hour, per session: other people's guesses at the sign-in do not count here. Returns the hash that was
 * compared: the caller must find it unchanged later.
 */
export async function provePassword(ctx: AuthedContext, password: string): Promise<string> {
  const { db, limits } = ctx.deps;
  const { userId: id, credential } = ctx.principal;
  await limits.take(ctx, 'passwordChange', credential.sessionId);
  const [account] = await db.tables.select().from(users).where(eq(users.id, id));
  if (account === undefined) throw refuse('session_revoked');
  if (!(await comparePassword(ctx, ownSession(ctx), account, password))) {
    await noteReauthenticationFailed(ctx);
    throw refuse('wrong_password');
  }
  return account.passwordHash;
}
