import type { Queryable } from './read.ts';

/** How far a consumer is behind the log, whichever process has it. */
export interface ConsumerLag {
  readonly name: string;
  /** Positions of the log that had no effect yet. */
  readonly behind: number;
  /** How long the oldest of them waits, in milliseconds; 0 where none does. */
  readonly waitingMs: number;
}

const text = `
  select c.name, greatest(l.pos - c.pos, 0) as behind,
    coalesce((select extract(epoch from clock_timestamp() - e.created_at) * 1000
      from log_order o join event_log e on e.id = o.event_id where o.pos = c.pos + 1), 0)::float8 as waiting_ms
  from consumers c, (select pos from log_order order by pos desc limit 1) l where c.name = any ($1) order by c.name`;

/** Looks where these consumers are; one that never began is not among them. */
export async function consumerLags(db: Queryable, names: readonly string[]): Promise<ConsumerLag[]> {
  const { rows } = await db.query<{ name: string; behind: number; waiting_ms: number }>({
    name: 'consumer-lags',
    text,
    values: [names],
  });
  return rows.map(({ name, behind, waiting_ms: waitingMs }) => ({ name, behind, waitingMs: Math.max(0, waitingMs) }));
}
