import type { Queryable } from './read.ts';

/** How far a consumer is behind the log, whichever process runs it. */
export interface ConsumerLag {
  readonly name: string;
  /** Positions of the log that the consumer has not processed yet. */
  readonly behind: number;
  /** How long the oldest of them has been waiting, in milliseconds; 0 if there is none. */
  readonly waitingMs: number;
}

const text = `
  select c.name, greatest(l.pos - c.pos, 0) as behind,
    coalesce((select extract(epoch from clock_timestamp() - e.created_at) * 1000
      from log_order o join event_log e on e.id = o.event_id where o.pos = c.pos + 1), 0)::float8 as waiting_ms
  from consumers c, (select pos from log_order order by pos desc limit 1) l where c.name = any ($1) order by c.name`;

/** Reads the lag of these consumers; a consumer that has never started is missing. */
export async function consumerLags(db: Queryable, names: readonly string[]): Promise<ConsumerLag[]> {
  const { rows } = await db.query<{ name: string; behind: number; waiting_ms: number }>({
    name: 'consumer-lags',
    text,
    values: [names],
  });
  return rows.map(({ name, behind, waiting_ms: waitingMs }) => ({ name, behind, waitingMs: Math.max(0, waitingMs) }));
}
