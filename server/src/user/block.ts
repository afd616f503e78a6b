import { limits, UserRef } from '@fechatter/contract';
import { sql } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { z } from 'zod';
import { changeOwn } from './change-own.ts';
import { authed } from '../procedures.ts';

export const block = authed('write')
  .meta({
    openapi: {
      method: 'PUT',
      path: '/users/{user_id}/block',
      successStatus: 204,
      summary: 'Block a person',
      description:
        'A person whom `user.get` shows you. They cannot send to you or edit in a Single chat, or begin one with you ' +
        '(`blocked`), and nothing of theirs is pushed to you. In other chats nothing changes. They are not notified. ' +
        'Blocking again changes nothing. You can block at most 1,000 people.',
      tags: ['user'],
      refusals: ['user_not_found', 'quota_exceeded', 'session_revoked'],
    },
  })
  .input(UserRef)
  .output(z.void())
  .mutation(({ ctx, input: { userId: blockedId } }) => {
    const { userId } = ctx.principal;
    return changeOwn(ctx, async (tx, change) => {
      const { rows } = await tx.execute<{ is_blocked: boolean; is_seen: boolean; count: number }>(sql`
        select count(*)::int as count, coalesce(bool_or(b.blocked_id = ${blockedId}::uuid), false) as is_blocked,
          exists (select from people_seen(array[${userId}::uuid], array[${blockedId}::uuid])) as is_seen
        from blocks b where b.user_id = ${userId}::uuid`);
      const [found] = rows;
      if (found?.is_blocked === true) return;
      if (found?.is_seen !== true || blockedId === userId) throw refuse('user_not_found');
      if (found.count >= limits.blockedMax) throw refuse('quota_exceeded');
      await tx.execute(sql`insert into blocks (user_id, blocked_id) values (${userId}, ${blockedId})`);
      change.announceToUser(userId, 'user.preferences', {}, { subjectId: userId });
    });
  });
