import type { Database } from '@fechatter/drizzle';

export interface WaitingChecks {
  /** How long the oldest that was uploaded has waited; 0 if there is none. Imported ones are as old as their messages. */
  readonly waitingSeconds: number;
  /** How many cannot be checked, because the store or the process for pictures cannot be used. */
  readonly failing: number;
}

/** The files that a worker still has to check. */
export async function waitingChecks({ pool }: Database): Promise<WaitingChecks> {
  const { rows } = await pool.query<{ waiting_seconds: number; failing: number }>(
    `select coalesce(extract(epoch from clock_timestamp() - min(f.created_at) filter (where not c.is_imported)), 0)::float8 as waiting_seconds,
       count(*) filter (where c.failures > 0)::int as failing
     from file_checks c join files f on f.id = c.file_id and f.state = 'Scanning'`,
  );
  return { waitingSeconds: rows[0]?.waiting_seconds ?? 0, failing: rows[0]?.failing ?? 0 };
}
