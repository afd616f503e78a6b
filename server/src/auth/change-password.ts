import { PasswordChange } from '@fechatter/contract';
import { refuse } from '@fechatter/service-kit';
import { and, eq, isNull, schema, sql, type Tx } from '@fechatter/drizzle';
import { z } from 'zod';
import { makeChange } from '../door/change.ts';
import { accountKey } from './account.ts';
import { limitedAuthed } from './limited.ts';
import { revokeSessions } from './revoke-sessions.ts';

const { sessions, users } = schema;

export const changePassword = limitedAuthed('passwordChange')
  .meta({
    openapi: {
      method: 'POST',
      path: '/auth/password',
      successStatus: 204,
      summary: 'Change your password',
      description:
        'Needs the current password, and ends all other sessions of this account. Limited to 10 a minute, and to 100 ' +
        'wrong passwords an hour for an account.',
      tags: ['auth'],
      refusals: ['wrong_password', 'rate_limited'],
    },
  })
  .input(PasswordChange)
  .output(z.void())
  .mutation(async ({ ctx, input: { currentPassword, newPassword } }) => {
    const { db, limits, passwords, revoked } = ctx.deps;
    const { id, sessionId } = ctx.user;
    await limits.take(ctx, 'passwordChange', id);
    const [account] = await db.tables.select().from(users).where(eq(users.id, id));
    if (account === undefined) throw refuse('session_revoked');
    const key = accountKey(account.email);
    await limits.take(ctx, 'wrongPassword', key);
    if (!(await passwords.verify(account.passwordHash, currentPassword))) throw refuse('wrong_password');
    await limits.giveBack('wrongPassword', key);
    const passwordHash = await passwords.hash(newPassword);

    const ended = await makeChange(ctx, async (change) => {
      await mustLive(change.tx, sessionId);
      // The person's row first, the sessions after it: a sign-in at the same moment either waits, and then finds the
      // password changed, or its session is among those that end here.
      const [changed] = await change.tx
        .update(users)
        .set({ passwordHash, updatedAt: sql`now()` })
        .where(and(eq(users.id, id), eq(users.passwordHash, account.passwordHash), eq(users.status, 'Active')))
        .returning({ id: users.id });
      if (changed === undefined) throw refuse('wrong_password');
      return revokeSessions(change, id, { allBut: sessionId });
    });
    revoked.add(ended);
  });

/** Whoever was signed out a moment ago, on another server too, changes no password any more. */
async function mustLive(tx: Tx, sessionId: string): Promise<void> {
  const living = and(eq(sessions.id, sessionId), isNull(sessions.revokedAt));
  if ((await tx.select({ id: sessions.id }).from(sessions).where(living)).length === 0) throw refuse('session_revoked');
}
