import { eq, schema } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import type { AuthedContext } from '../context.ts';
import { accountKey } from './account.ts';
import { comparePassword } from './compare-password.ts';

const { users } = schema;

/**
 * For what needs the caller's password beside their session. Limited to 10 a minute for a person, and to 100 wrong
 * passwords an hour for an account. Answers the hash that it was checked against: whoever goes on must find it unchanged.
 */
export async function provePassword(ctx: AuthedContext, password: string): Promise<string> {
  const { db, limits, passwords } = ctx.deps;
  const { userId: id } = ctx.principal;
  await limits.take(ctx, 'passwordChange', id);
  const [account] = await db.tables.select().from(users).where(eq(users.id, id));
  if (account === undefined) throw refuse('session_revoked');
  const isRight = await comparePassword(ctx, accountKey(account.email), () =>
    passwords.verify(account.passwordHash, password),
  );
  if (!isRight) throw refuse('wrong_password');
  return account.passwordHash;
}
