import type { Queryable } from '@fechatter/drizzle';
import { refuse, setRateLimitHeaders } from '@fechatter/service-kit';

/** Three per stream that a session may have, so that pages that all reconnect at once stay below it. */
const TICKETS_PER_MINUTE = 600;
const MINUTE_MS = 60_000;

/**
 * Counts one ticket of a session, over all instances, by a database function, because this service has no access to the
 * limits' table. Throws rate_limited over the limit, and sets the rate-limit headers either way.
 */
export async function takeTicket(db: Queryable, sessionId: string, headers: Headers): Promise<void> {
  const { rows } = await db.query<{ points: number; reset_ms: number }>({
    name: 'notify-take-ticket',
    text: 'select points, reset_ms from count_stream_ticket($1, $2)',
    values: [sessionId, TICKETS_PER_MINUTE],
  });
  const { points = 1, reset_ms: resetMs = MINUTE_MS } = rows[0] ?? {};
  setRateLimitHeaders(headers, { max: TICKETS_PER_MINUTE, left: TICKETS_PER_MINUTE - points, resetMs });
  if (points > TICKETS_PER_MINUTE) throw refuse('rate_limited', { retryAfterMs: resetMs });
}
