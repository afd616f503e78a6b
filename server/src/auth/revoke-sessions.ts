import { and, eq, isNull, ne, schema, sql } from '@fechatter/drizzle';
import type { Change } from '../change/change.ts';

const { sessions, users } = schema;

/**
 * Ends sessions of one person and announces that to their streams; returns the ended ones, to be added to `revoked`
 * after the commit. Many at once are ended under the lock of the person's row, for which concurrent revocations and
 * sign-ins wait.
 */
export async function revokeSessions(
  change: Change,
  userId: string,
  which: { readonly only: string } | { readonly allBut: string } | 'all',
): Promise<string[]> {
  const { tx } = change;
  const isOne = typeof which === 'object' && 'only' in which;
  if (!isOne) await tx.select({ id: users.id }).from(users).where(eq(users.id, userId)).for('no key update');
  const chosen = which === 'all' ? undefined : isOne ? eq(sessions.id, which.only) : ne(sessions.id, which.allBut);
  const ended = await tx
    .update(sessions)
    .set({ revokedAt: sql`now()` })
    .where(and(eq(sessions.userId, userId), isNull(sessions.revokedAt), sql`${sessions.expiresAt} > now()`, chosen))
    .returning({ id: sessions.id });
  if (ended.length > 0)
    change.note('account.sessionsRevoked', {
      userId,
      details: { sessions: ended.length, ...(isOne && { sessionId: which.only }) },
    });
  for (const { id } of ended) change.announceToUser(userId, 'session.revoked', {}, { subjectId: id });
  return ended.map(({ id }) => id);
}
