import { RELEASE } from '@fechatter/contract';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { serviceRights } from './rights/rights-table.ts';

/** What a build installs in the database: tables and data by ordered migrations, functions by files, and rights. */
export interface Build {
  /** `major.minor.patch`. */
  readonly release: string;
  /** The oldest release whose processes may run beside those of this one, and while this one migrates. */
  readonly oldestBeside: string;
  readonly migrations: readonly Migration[];
  readonly sqlFiles: readonly SqlFile[];
  /** The hash of the services' rights. */
  readonly rightsHash: string;
}

export interface Migration {
  readonly statements: readonly string[];
  /** When it was created, in milliseconds: migrations run in this order. */
  readonly madeAtMs: number;
  readonly hash: string;
}

/** The text of functions in force, from `drizzle/sql`. */
export interface SqlFile {
  readonly name: string;
  readonly text: string;
  readonly hash: string;
}

const folderOf = (name: string) => fileURLToPath(new URL(`../${name}`, import.meta.url));

/** Reads a build from its folders. */
function readBuild(
  release: Pick<Build, 'release' | 'oldestBeside'>,
  folders: { readonly migrations: string; readonly sql: string },
): Build {
  const sqlFiles = readdirSync(folders.sql)
    .filter((name) => name.endsWith('.sql'))
    .toSorted()
    .map((name) => sqlFile(name, readFileSync(`${folders.sql}/${name}`, 'utf8')));
  const migrations = readMigrationFiles({ migrationsFolder: folders.migrations }).map(
    ({ sql, folderMillis, hash }) => ({
      statements: sql,
      madeAtMs: folderMillis,
      hash,
    }),
  );
  return { ...release, migrations, sqlFiles, rightsHash: hashOf(JSON.stringify(serviceRights)) };
}

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');
export const sqlFile = (name: string, text: string): SqlFile => ({ name, text, hash: hashOf(text) });

/** The build that is running. */
export const thisBuild: Build = readBuild(
  { release: RELEASE, oldestBeside: '0.2.0' },
  { migrations: folderOf('migrations'), sql: folderOf('sql') },
);

/** The newest migration of a build, in milliseconds: it identifies its tables. */
export const versionOf = ({ migrations }: Build): number => Math.max(...migrations.map(({ madeAtMs }) => madeAtMs));
