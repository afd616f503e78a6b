import { limits, Ticket } from '@fechatter/contract';
import type { Queryable } from '@fechatter/drizzle';
import { hashOfToken, type Principal, principalOf, refuse } from '@fechatter/service-kit';
import { randomBytes } from 'node:crypto';
import { authed } from '../trpc.ts';
import { takeTicket } from './ticket-limit.ts';

export const ticket = authed
  .meta({
    openapi: {
      method: 'POST',
      path: '/notifications/tickets',
      successStatus: 201,
      summary: 'Get a ticket for a stream',
      description:
        'For pages that follow events with a native EventSource, which cannot send headers: put the ticket into the ' +
        'URL (`?ticket=`). It works for streams only, for 5 minutes and 20 connections, and not longer than its ' +
        'session. A stream that was opened with it ends after an hour. A session can get at most 600 tickets a ' +
        'minute.',
      tags: ['notification'],
      refusals: ['session_revoked', 'rate_limited'],
    },
  })
  .output(Ticket)
  .mutation(async ({ ctx }) => {
    await takeTicket(ctx.db, ctx.principal.credential.sessionId, ctx.responseHeaders);
    const token = randomBytes(32).toString('base64url');
    const { rows } = await ctx.db.query<{ expiresAt: Date }>(
      `insert into stream_tickets (ticket_hash, session_id, expires_at)
       select $1, s.id, now() + make_interval(secs => $3) from live_sessions s where s.id = $2
       returning expires_at as "expiresAt"`,
      [hashOfToken(token), ctx.principal.credential.sessionId, limits.ticketSeconds],
    );
    if (rows[0] === undefined) throw refuse('session_revoked');
    return { ticket: token, expiresAt: rows[0].expiresAt };
  });

/** Counts one use of a ticket: a conditional update decides, however many clients connect at once. */
export async function redeemTicket(db: Queryable, token: string): Promise<Principal> {
  const { rows } = await db.query<{ userId: string; sessionId: string }>(
    `update stream_tickets t set connects = t.connects + 1 from sessions s
     where t.ticket_hash = $1 and t.expires_at > now() and t.connects < $2 and s.id = t.session_id
     returning s.user_id as "userId", s.id as "sessionId"`,
    [hashOfToken(token), limits.ticketMaxConnects],
  );
  if (rows[0] === undefined) throw refuse('ticket_invalid');
  return principalOf(rows[0]);
}

/** Deletes tickets that cannot be used any more. */
export async function deleteExpiredTickets(db: Queryable): Promise<void> {
  await db.query('delete from stream_tickets where expires_at < now()');
}
