import { logState, logWarnings, PROCESS_AWAY_SECONDS } from '@fechatter/drizzle';
import { type Check, type Finding, ok, type Patient, problem, warning } from './finding.ts';

/** Checks whether the event log belongs to this cluster, is being numbered, and has future partitions. */
export const checkLog: Check = async (patient) => {
  const origin = await cluster(patient);
  return origin.status === 'problem' ? [origin] : [origin, ...(await state(patient))];
};

async function cluster({ db }: Patient): Promise<Finding> {
  const { rows } = await db.query<{ is_own: boolean; has_tick: boolean }>(
    `select t.snap is not null as has_tick, coalesce(pg_snapshot_xmax(pg_current_snapshot()) >= pg_snapshot_xmax(t.snap), false) as is_own
     from (select 1) one left join lateral (select snap from log_tick order by tick_id desc limit 1) t on true`,
  );
  const [row] = rows;
  const again = 'After a restore into another cluster: pnpm fechatter log reset --yes';
  if (row?.has_tick !== true) return problem('event log', 'has no beginning', again);
  if (!row.is_own) return problem('event log', 'was written by another cluster: nothing is delivered', again);
  return ok('event log', 'is this cluster’s own');
}

async function state({ db }: Patient): Promise<Finding[]> {
  const facts = await logState(db);
  const { rows } = await db.query<{ followers: number }>(
    `select count(*)::int as followers from processes
     where service = 'notify' and seen_at > clock_timestamp() - make_interval(secs => $1)`,
    [PROCESS_AWAY_SECONDS],
  );
  const followers = rows[0]?.followers ?? 0;
  const warnings = logWarnings(facts).map((line) =>
    problem(
      'event log',
      line,
      'Check that a notify and a server run, and read their logs: they make the partitions and number the rows.',
    ),
  );
  return [
    ...(warnings.length > 0
      ? warnings
      : [ok('event log', `position ${facts.lastPos ?? 0}, ${facts.partitionsAhead} partitions ahead`)]),
    followers > 0
      ? ok('followers', `${followers} notify seen in the last ${PROCESS_AWAY_SECONDS} s`)
      : warning(
          'followers',
          `no notify was seen in the last ${PROCESS_AWAY_SECONDS} s`,
          'Start one: without it, clients receive no events.',
        ),
  ];
}
