import type { Database } from '@fechatter/drizzle';

/** A job as the database sees it, whichever worker does it. */
export interface JobState {
  readonly name: string;
  /** Since it last came to its end, in milliseconds; undefined: it never did. */
  readonly sinceFinishedMs: number | undefined;
  /** In a row. */
  readonly failures: number;
}

/** Looks at these jobs; one that no worker has known yet is not among them. */
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
