import type pg from 'pg';
import type { Build } from './build.ts';
import { compareReleases } from './release.ts';

interface Applied {
  readonly file: string;
  readonly hash: string;
  readonly release: string;
}

type Connection = Pick<pg.ClientBase, 'query'>;

/** The name under which the services' rights are recorded beside the functions; no file has it. */
const RIGHTS = 'rights';

/** Compares the functions and the services' rights in the database with those of a build. */
export async function functionState(db: Connection, build: Build): Promise<'older' | 'current' | 'newer'> {
  const { rows } = await db.query<Applied>('select file, hash, release from sql_files');
  if (rows.some(({ release }) => compareReleases(release, build.release) > 0)) return 'newer';
  const applied = new Map(rows.map(({ file, hash }) => [file, hash]));
  const isCurrent =
    applied.get(RIGHTS) === build.rightsHash && build.sqlFiles.every(({ name, hash }) => applied.get(name) === hash);
  return isCurrent ? 'current' : 'older';
}

/**
 * Applies the files whose text changed, within the transaction of the caller, who holds the migration lock. Functions
 * of a newer release stay: the whole set belongs to the newest release that applied it. Returns the names of what was
 * applied; if that is anything, including the rights, the caller must grant the services' rights again.
 */
export async function applySqlFiles(client: Connection, build: Build): Promise<readonly string[]> {
  if ((await functionState(client, build)) === 'newer') return [];
  const { rows } = await client.query<Applied>('select file, hash, release from sql_files');
  const applied = new Map(rows.map(({ file, hash }) => [file, hash]));
  const changed = build.sqlFiles.filter(({ name, hash }) => applied.get(name) !== hash);
  // Functions may call each other, so no order of files is right for all.
  await client.query('set local check_function_bodies = off');
  for (const { name, text, hash } of changed) {
    await client.query(text);
    await note(client, { file: name, hash, release: build.release });
  }
  const isOfOtherRights = applied.get(RIGHTS) !== build.rightsHash;
  if (isOfOtherRights) await note(client, { file: RIGHTS, hash: build.rightsHash, release: build.release });
  const names = [...build.sqlFiles.map(({ name }) => name), RIGHTS];
  await client.query('delete from sql_files where file <> all ($1)', [names]);
  return [...changed.map(({ name }) => name), ...(isOfOtherRights ? [RIGHTS] : [])];
}

async function note(client: Connection, { file, hash, release }: Applied): Promise<void> {
  await client.query(
    `insert into sql_files (file, hash, release) values ($1, $2, $3)
     on conflict (file) do update set hash = excluded.hash, release = excluded.release, applied_at = excluded.applied_at`,
    [file, hash, release],
  );
}
