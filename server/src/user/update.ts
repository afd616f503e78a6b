import { Me, UserUpdate } from '@fechatter/contract';
import { eq, schema, sql } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { authed } from '../procedures.ts';
import { changeProfile } from '../change/change-profile.ts';
import { readMe } from './read-me.ts';

const { users } = schema;

export const update = authed('write')
  .meta({
    openapi: {
      method: 'PATCH',
      path: '/users/me',
      summary: 'Change your profile',
      description:
        'A missing key leaves its value unchanged; `null` removes the picture. Everyone in your workspaces is ' +
        'notified. Limited to 20 an hour.',
      tags: ['user'],
      refusals: ['rate_limited'],
    },
  })
  .input(UserUpdate)
  .output(Me)
  .mutation(async ({ ctx, input: { fullName, avatarUrl } }) => {
    await ctx.deps.limits.take(ctx, 'profileChange', ctx.principal.userId);
    return changeProfile(ctx, ctx.principal.userId, async ({ tx, announce }) => {
      const before = await readMe(tx, ctx.principal.userId);
      // The account may have been closed a moment ago, on another server: an erased account must not get a name again.
      if (before.status !== 'Active') throw refuse('session_revoked');
      const after = {
        ...before,
        ...(fullName !== undefined && { fullName }),
        ...(avatarUrl !== undefined && { avatarUrl }),
      };
      if (after.fullName === before.fullName && after.avatarUrl === before.avatarUrl) return before;
      await tx
        .update(users)
        .set({ fullName: after.fullName, avatarUrl: after.avatarUrl, updatedAt: sql`now()` })
        .where(eq(users.id, ctx.principal.userId));
      await announce();
      return after;
    });
  });
