import { PushSubscriptionRef } from '@fechatter/contract';
import { refuse } from '@fechatter/service-kit';
import { z } from 'zod';
import { inSession } from './in-session.ts';

export const unsubscribe = inSession('write')
  .meta({
    openapi: {
      method: 'DELETE',
      path: '/push/subscriptions/{subscription_id}',
      successStatus: 204,
      summary: 'Stop pushes to one of your devices',
      description:
        'Of this session or another one of yours. A push that is being sent at this moment may still arrive.',
      tags: ['push'],
      refusals: ['subscription_not_found', 'session_revoked', 'rate_limited'],
    },
  })
  .input(PushSubscriptionRef)
  .output(z.void())
  .mutation(async ({ ctx, input: { subscriptionId } }) => {
    const { rowCount } = await ctx.db.query('delete from push_subscriptions where id = $1 and user_id = $2', [
      subscriptionId,
      ctx.principal.userId,
    ]);
    if (rowCount === 0) throw refuse('subscription_not_found');
  });
