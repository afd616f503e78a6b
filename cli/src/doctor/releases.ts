import { PROCESS_AWAY_SECONDS } from '@fechatter/drizzle';
import { type Check, ok, warning } from './finding.ts';

/** Whether all processes that run are of one release. */
export const checkReleases: Check = async ({ db }) => {
  const { rows } = await db.query<{ release: string; services: string }>(
    `select release, string_agg(count || ' ' || service, ', ' order by service) as services
     from (select release, service, count(*) from processes
           where seen_at > clock_timestamp() - make_interval(secs => $1) group by 1, 2) p
     group by 1 order by string_to_array(release, '.')::int[]`,
    [PROCESS_AWAY_SECONDS],
  );
  const found = rows.map(({ release, services }) => `${release} (${services})`).join('; ');
  // That nothing runs is said by the checks of notify and worker.
  if (rows.length === 0) return [];
  if (rows.length === 1) return [ok('releases', found)];
  return [warning('releases', found, 'Finish the upgrade: what only the newer release knows is refused until then.')];
};
