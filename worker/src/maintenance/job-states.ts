import type { Database } from '@fechatter/drizzle';

/** The state of a job in the database, whichever worker runs it. */
export interface JobState {
  readonly name: string;
  /** Milliseconds since it last finished; undefined: it never did. */
  readonly sinceFinishedMs: number | undefined;
  /** Consecutive failures. */
  readonly failures: number;
}

/** Reads the state of these jobs; a job that no worker has run yet is missing. */
export async function jobStates({ pool }: Database, names: readonly string[]): Promise<JobState[]> {
  const { rows } = await pool.query<{ name: string; since_ms: number | null; failures: number }>(
    `select name, (extract(epoch from clock_timestamp() - finished_at) * 1000)::float8 as since_ms, failures
     from maintenance_jobs where name = any ($1) order by name`,
    [names],
  );
  return rows.map(({ name, since_ms: sinceMs, failures }) => ({
    name,
    sinceFinishedMs: sinceMs === null ? undefined : Math.max(0, sinceMs),
    failures,
  }));
}
