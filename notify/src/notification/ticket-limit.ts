import type { Queryable } from '@fechatter/drizzle';
import { refuse, tellRateLimit } from '@fechatter/service-kit';

/** Three for each stream that a session may have: pages that all come back at once do not meet it. */
const TICKETS_PER_MINUTE = 600;
const MINUTE_MS = 60_000;

const nowMs = '(extract(epoch from clock_timestamp()) * 1000)::bigint';

/**
 * Counts one ticket of a session, over all instances: one statement, in the form that the server's limits have in the
 * same table, by the database's clock. Throws rate_limited over the limit, and tells the caller either way.
 */
export async function takeTicket(db: Queryable, sessionId: string, headers: Headers): Promise<void> {
  const { rows } = await db.query<{ points: number; reset_ms: number }>({
    name: 'notify-take-ticket',
    text: `
      insert into rate_limits as r (key, points, expire) values ($1, 1, ${nowMs} + ${MINUTE_MS})
      on conflict (key) do update set
        points = case when r.expire <= ${nowMs} then 1 else least(r.points, ${TICKETS_PER_MINUTE}) + 1 end,
        expire = case when r.expire <= ${nowMs} then ${nowMs} + ${MINUTE_MS} else r.expire end
      returning points, greatest(1, expire - ${nowMs})::float8 as reset_ms`,
    values: [keyOf(sessionId)],
  });
  const { points = 1, reset_ms: resetMs = MINUTE_MS } = rows[0] ?? {};
  tellRateLimit(headers, { max: TICKETS_PER_MINUTE, left: TICKETS_PER_MINUTE - points, resetMs });
  if (points > TICKETS_PER_MINUTE) throw refuse('rate_limited', { retryAfterMs: resetMs });
}

const keyOf = (sessionId: string): string => `ticket:${sessionId}`;
