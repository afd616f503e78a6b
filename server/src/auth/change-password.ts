import { PasswordChange } from '@fechatter/contract';
import { refuse } from '@fechatter/service-kit';
import { and, eq, schema, sql } from '@fechatter/drizzle';
import { z } from 'zod';
import { makeChange } from '../change/change.ts';
import { reauthenticated } from '../access/limited-procedures.ts';
import { mustLive } from '../access/must-live.ts';
import { checkPasswordChoice } from '../identity/password-choice.ts';
import { provePassword } from './own-password.ts';
import { ownSession } from './password-source.ts';
import { endMailTokens } from './spend-mail-token.ts';
import { endChallenges } from './signin-challenge.ts';
import { revokeSessions } from './revoke-sessions.ts';

const { users } = schema;

export const changePassword = reauthenticated
  .meta({
    openapi: {
      method: 'POST',
      path: '/auth/password',
      successStatus: 204,
      summary: 'Change your password',
      description:
        'Needs the current password, and ends all other sessions of your account and the links of all earlier mails. ' +
        'Known devices stay known. Limited to 10 a minute, and to 100 wrong passwords an hour, per session.',
      tags: ['auth'],
      refusals: ['wrong_password', 'password_too_common', 'rate_limited'],
    },
  })
  .input(PasswordChange)
  .output(z.void())
  .mutation(async ({ ctx, input: { currentPassword, newPassword } }) => {
    const { passwords, revoked } = ctx.deps;
    const { userId: id, credential } = ctx.principal;
    await checkPasswordChoice(newPassword);
    const proved = await provePassword(ctx, currentPassword);
    const passwordHash = await passwords.hash(newPassword, ownSession(ctx).lane);

    const ended = await makeChange(ctx, async (change) => {
      await mustLive(change.tx, credential.sessionId);
      // The person's row first, the sessions after it: a sign-in at the same moment either waits, and then finds the
      // password changed, or its session is among those that end here.
      const [changed] = await change.tx
        .update(users)
        .set({ passwordHash, updatedAt: sql`now()` })
        .where(and(eq(users.id, id), eq(users.passwordHash, proved), eq(users.status, 'Active')))
        .returning({ id: users.id });
      if (changed === undefined) throw refuse('wrong_password');
      await endChallenges(change.tx, id);
      await endMailTokens(change.tx, id, 'reset');
      // A person who knew the old password may have requested another address.
      await endMailTokens(change.tx, id, 'verify');
      change.note('account.passwordChanged', { userId: id });
      return revokeSessions(change, id, { allBut: credential.sessionId });
    });
    revoked.add(ended);
  });
