import { UserRef } from '@fechatter/contract';
import { sql } from '@fechatter/drizzle';
import { z } from 'zod';
import { changeOwn } from './change-own.ts';
import { authed } from '../procedures.ts';

export const unblock = authed('write')
  .meta({
    openapi: {
      method: 'DELETE',
      path: '/users/{user_id}/block',
      successStatus: 204,
      summary: 'Unblock a person',
      description: 'If you do not block the person, nothing changes.',
      tags: ['user'],
      refusals: ['session_revoked'],
    },
  })
  .input(UserRef)
  .output(z.void())
  .mutation(({ ctx, input: { userId: blockedId } }) => {
    const { userId } = ctx.principal;
    return changeOwn(ctx, async (tx, change) => {
      const { rowCount } = await tx.execute(
        sql`delete from blocks where user_id = ${userId} and blocked_id = ${blockedId}`,
      );
      if (rowCount !== 0) change.announceToUser(userId, 'user.preferences', {}, { subjectId: userId });
    });
  });
