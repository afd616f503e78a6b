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
        'A person whom `user.get` shows you. They cannot send to you in a Single chat or begin one with you ' +
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
      const { rows } = await tx.execute<{ is_blocked: boolean; count: number }>(sql`
        select exists (select from blocks b where b.user_id = p.viewer_id and b.blocked_id = p.user_id) as is_blocked,
          (select count(*) from blocks b where b.user_id = p.viewer_id)::int as count
        from people_seen(array[${userId}::uuid], array[${blockedId}::uuid]) p where p.user_id <> p.viewer_id`);
      const [found] = rows;
      if (found === undefined) throw refuse('user_not_found');
      if (found.is_blocked) return;
      if (found.count >= limits.blockedMax) throw refuse('quota_exceeded');
      await tx.execute(sql`insert into blocks (user_id, blocked_id) values (${userId}, ${blockedId})`);
      change.announceToUser(userId, 'user.preferences', {}, { subjectId: userId });
    });
  });
