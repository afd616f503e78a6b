import type { Database } from '@fechatter/drizzle';

/** The lease of a job; all its times are the database's clock. */
export interface JobLease {
  readonly job: string;
  readonly lease: string;
}

/** Makes sure that each job has its row. */
export async function addJobs({ pool }: Database, names: readonly string[]): Promise<void> {
  await pool.query('insert into maintenance_jobs (name) select unnest($1::text[]) on conflict do nothing', [names]);
}

/** Takes the job among `names` that has been due for longest and that no worker holds; undefined if there is none. */
export async function takeJob(
  { pool }: Database,
  names: readonly string[],
  lease: string,
  forMs: number,
): Promise<JobLease | undefined> {
  const { rows } = await pool.query<{ name: string }>(
    `update maintenance_jobs set lease = $2, leased_until = clock_timestamp() + $3 * interval '1 ms'
     where name = (
       select name from maintenance_jobs
       where name = any ($1) and due_at <= clock_timestamp() and (leased_until is null or leased_until < clock_timestamp())
       order by due_at, name limit 1 for update skip locked)
     returning name`,
    [names, lease, forMs],
  );
  const [row] = rows;
  return row && { job: row.name, lease };
}

/** Extends the lease; false: another worker has taken the job over. */
export async function renewLease({ pool }: Database, { job, lease }: JobLease, forMs: number): Promise<boolean> {
  const { rowCount } = await pool.query(
    `update maintenance_jobs set leased_until = clock_timestamp() + $3 * interval '1 ms' where name = $1 and lease = $2`,
    [job, lease, forMs],
  );
  return rowCount === 1;
}

/** Releases the job after it has finished or failed: it is due again after the given time. */
export async function finishJob(
  { pool }: Database,
  { job, lease }: JobLease,
  { hasFailed, dueInMs }: { readonly hasFailed: boolean; readonly dueInMs: number },
): Promise<void> {
  await pool.query(
    `update maintenance_jobs set lease = null, leased_until = null, due_at = clock_timestamp() + $3 * interval '1 ms',
       finished_at = case when $4 then finished_at else clock_timestamp() end,
       failures = case when $4 then failures + 1 else 0 end
     where name = $1 and lease = $2`,
    [job, lease, dueInMs, hasFailed],
  );
}

/** Releases the job unfinished: it stays due for the next worker. */
export async function dropLease({ pool }: Database, { job, lease }: JobLease): Promise<void> {
  await pool.query('update maintenance_jobs set lease = null, leased_until = null where name = $1 and lease = $2', [
    job,
    lease,
  ]);
}
