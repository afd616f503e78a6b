import { limits, PushSubscriptionList, type PushSubscriptionRow } from '@fechatter/contract';
import { inSession } from './in-session.ts';

export const subscriptions = inSession('read')
  .meta({
    openapi: {
      method: 'GET',
      path: '/push/subscriptions',
      summary: 'List where you receive pushes',
      description:
        'The subscriptions of all of your sessions, the oldest first. `failure` says why the last push to one was not delivered: ' +
        'the status of the push service, or what kept us from reaching it.',
      tags: ['push'],
      refusals: ['session_revoked', 'rate_limited'],
    },
  })
  .output(PushSubscriptionList)
  .query(async ({ ctx }) => {
    const { userId, credential } = ctx.principal;
    const { rows } = await ctx.db.query<PushSubscriptionRow>(
      `select p.id, p.kind, p.session_id as "sessionId", p.session_id = $2 as current, p.created_at as "createdAt", p.failure
       from push_subscriptions p join live_sessions s on s.id = p.session_id
       where p.user_id = $1 order by p.created_at, p.id limit $3`,
      [userId, credential.sessionId, limits.pushSubscriptionsMax],
    );
    return { subscriptions: rows };
  });
