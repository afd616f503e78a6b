import type { Queryable } from '@fechatter/drizzle';
import { refuse, tellRateLimit } from '@fechatter/service-kit';

/** Three for each stream that a session may have: pages that all come back at once do not meet it. */
const TICKETS_PER_MINUTE = 600;
const MINUTE_MS = 60_000;

/**
 * Counts one ticket of a session, over all instances, by a function: this service has no right to the limits themselves.
 * Throws rate_limited over the limit, and tells the caller either way.
 */
export async function takeTicket(db: Queryable, sessionId: string, headers: Headers): Promise<void> {
  const { rows } = await db.query<{ points: number; reset_ms: number }>({
    name: 'notify-take-ticket',
    text: 'select points, reset_ms from count_stream_ticket($1, $2)',
    values: [sessionId, TICKETS_PER_MINUTE],
  });
  const { points = 1, reset_ms: resetMs = MINUTE_MS } = rows[0] ?? {};
  tellRateLimit(headers, { max: TICKETS_PER_MINUTE, left: TICKETS_PER_MINUTE - points, resetMs });
  if (points > TICKETS_PER_MINUTE) throw refuse('rate_limited', { retryAfterMs: resetMs });
}
