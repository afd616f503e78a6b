import { PushSubscriptionRef } from '@fechatter/contract';
import { refuse } from '@fechatter/service-kit';
import { z } from 'zod';
import { inSession } from './in-session.ts';

export const test = inSession('write')
  .meta({
    openapi: {
      method: 'POST',
      path: '/push/subscriptions/{subscription_id}/test',
      successStatus: 202,
      summary: 'Send a test push',
      description:
        'To one of your devices, within a few seconds: `{"test": true, "badge": 0}`. If it cannot be delivered, `failure` of the ' +
        'subscription says why.',
      tags: ['push'],
      refusals: ['push_off', 'subscription_not_found', 'session_revoked', 'rate_limited'],
    },
  })
  .input(PushSubscriptionRef)
  .output(z.void())
  .mutation(async ({ ctx, input: { subscriptionId } }) => {
    const { rows } = await ctx.db.query<{ is_sent: boolean }>(
      `with own as materialized (
         select s.id, s.host, exists (select from push_kinds k where k.kind = s.kind) as is_sent
         from push_subscriptions s where s.id = $1 and s.user_id = $2),
       queued as (
         insert into push_pending (subscription_id, chat_id, host) select id, null, host from own where is_sent
         on conflict do nothing)
       select is_sent from own`,
      [subscriptionId, ctx.principal.userId],
    );
    const [own] = rows;
    if (own === undefined) throw refuse('subscription_not_found');
    if (!own.is_sent) throw refuse('push_off');
  });
