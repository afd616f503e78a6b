import { PROCESS_AWAY_SECONDS } from '@fechatter/drizzle';
import { type Check, ok, warning } from './finding.ts';

/** The rarest job runs every hour. */
const OVERDUE_SECONDS = 7_200;

interface Row {
  readonly seen: number;
  readonly overdue: readonly string[];
  readonly failing: readonly string[];
}

/** Checks whether a worker runs and finishes its jobs. */
export const checkWorkers: Check = async ({ db }) => {
  const { rows } = await db.query<Row>(
    `select (select count(*)::int from processes where service = 'worker' and seen_at > clock_timestamp() - make_interval(secs => $1)) as seen,
       coalesce(array_agg(name order by name) filter (where due_at < clock_timestamp() - make_interval(secs => $2)), '{}') as overdue,
       coalesce(array_agg(name order by name) filter (where failures > 0), '{}') as failing
     from maintenance_jobs`,
    [PROCESS_AWAY_SECONDS, OVERDUE_SECONDS],
  );
  const { seen, overdue, failing } = rows[0] ?? { seen: 0, overdue: [], failing: [] };
  const todo = 'See the log of the worker for "a job failed".';
  return [
    seen > 0
      ? ok('workers', `${seen} seen in the last ${PROCESS_AWAY_SECONDS} s`)
      : warning(
          'workers',
          `none was seen in the last ${PROCESS_AWAY_SECONDS} s`,
          'Start one: retention, erasure and pruning need it.',
        ),
    ...(failing.length > 0 ? [warning('workers', `${failing.join(', ')} failed the last time`, todo)] : []),
    ...(seen > 0 && overdue.length > 0 ? [warning('workers', `${overdue.join(', ')} is hours overdue`, todo)] : []),
  ];
};
