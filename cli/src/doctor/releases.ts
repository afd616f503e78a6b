import { PROCESS_AWAY_SECONDS } from '@fechatter/drizzle';
import { type Check, ok, warning } from './finding.ts';

/** Checks whether all running processes are of one release. */
export const checkReleases: Check = async ({ db }) => {
  const { rows } = await db.query<{ release: string; services: string }>(
    `select release, string_agg(count || ' ' || service, ', ' order by service) as services
     from (select release, service, count(*) from processes
           where seen_at > clock_timestamp() - make_interval(secs => $1) group by 1, 2) p
     group by 1 order by string_to_array(release, '.')::int[]`,
    [PROCESS_AWAY_SECONDS],
  );
  const found = rows.map(({ release, services }) => `${release} (${services})`).join('; ');
  // If nothing runs, the checks of notify and worker report it.
  if (rows.length === 0) return [];
  if (rows.length === 1) return [ok('releases', found)];
  return [warning('releases', found, 'Finish the upgrade: features of the newer release are refused until then.')];
};
