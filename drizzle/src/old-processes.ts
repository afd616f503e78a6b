import type pg from 'pg';
import type { Build } from './build.ts';
import { compareReleases } from './release.ts';

/** Processes are connected to the database that cannot run beside this build. */
class OldProcessesError extends Error {
  override readonly name = 'OldProcessesError';
  /** Its message is all that an operator needs. */
  readonly isForOperator = true;
}

/** The connection names of release 0.1; later ones contain the release. */
const OURS = /^fechatter-[a-z]+(?:\/(\d+\.\d+\.\d+))?@/;
const WITHOUT_RELEASE = '0.1.0';

/**
 * Throws an OldProcessesError that names the processes which are connected to this database and older than what may run
 * beside this build. They are recognised by the names of their connections, because release 0.1 writes no row. A
 * process that is just starting and not connected yet is not found.
 */
export async function refuseOldProcesses(client: pg.ClientBase, build: Pick<Build, 'oldestBeside'>): Promise<void> {
  // Otherwise the view keeps its first content of the transaction.
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
