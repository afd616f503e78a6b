import type pg from 'pg';
import type { Build } from './build.ts';
import { compareReleases } from './release.ts';

/** Processes are connected to the database that this build cannot run beside. */
class OldProcessesError extends Error {
  override readonly name = 'OldProcessesError';
  /** Its message is all that needs to be read. */
  readonly isForOperator = true;
}

/** What release 0.1 called its connections; those of later ones have their release in it. */
const OURS = /^fechatter-[a-z]+(?:\/(\d+\.\d+\.\d+))?@/;
const WITHOUT_RELEASE = '0.1.0';

/**
 * Throws an OldProcessesError that names the processes which are connected to this database and older than what may run
 * beside this build. They are known by the names of their connections: release 0.1 keeps no row. A process that is just
 * starting, and not connected yet, is not seen.
 */
export async function refuseOldProcesses(client: pg.ClientBase, build: Pick<Build, 'oldestBeside'>): Promise<void> {
  // The view is of the first look in a transaction otherwise.
  await client.query('select pg_stat_clear_snapshot()');
  const { rows } = await client.query<{ name: string; connections: number }>(
    `select application_name as name, count(*)::int as connections from pg_stat_activity
     where datname = current_database() and application_name like 'fechatter-%' and pid <> pg_backend_pid()
     group by 1 order by 1`,
  );
  const old = rows.filter(({ name }) => {
    const [found, release = WITHOUT_RELEASE] = OURS.exec(name) ?? [];
    return found !== undefined && compareReleases(release, build.oldestBeside) < 0;
  });
  if (old.length === 0) return;
  const named = old.map(({ name, connections }) => `${name} (${connections} connections)`).join(', ');
  throw new OldProcessesError(
    `processes of a release before ${build.oldestBeside} are connected to the database: ${named}. Stop them, then migrate again`,
  );
}
