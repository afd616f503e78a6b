import { existsSync } from 'node:fs';
import { chmod, cp, lstat, mkdtemp, readlink, realpath, rename, rm, stat, symlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { copyBinaries } from './binaries-copy.ts';
import { fileOwner, hasName, ownUid, runAs, unprivilegedUser, type Identity } from './identity.ts';
import { giveTree, letIn } from './ownership.ts';

/** The identity, the folder and the binaries with which Postgres runs; they must fit each other. */
export interface Footing {
  readonly identity: Identity;
  /** Contains `data` and `socket`. It is the caller's folder, unless the identity cannot enter that. */
  readonly home: string;
  readonly binDir: string;
  readonly majorVersion: number;
}

export interface FootingRequest {
  readonly folder: string;
  readonly binDir: string;
  readonly runAs: Identity['kind'] | 'auto';
  readonly reachableFolders: readonly string[];
  readonly log: (line: string) => void;
}

type Attempt =
  | { readonly footing: Footing }
  | { readonly footing?: never; readonly why: string; readonly needsCopy: boolean };

/**
 * Returns the first combination that works, tested by actually running postgres: as the owner of existing data, in a
 * user namespace, as an unprivileged user in place, or as one with the files in a reachable folder.
 */
export async function findFooting(request: FootingRequest): Promise<Footing> {
  const { folder, binDir } = request;
  const home = await homeOf(folder);
  const refusals: string[] = [];
  for (const identity of await identities(home, request.runAs)) {
    const attempt = await tryHome(identity, home, binDir);
    if (attempt.footing) return adopt(attempt.footing);
    refusals.push(`${identity.kind}: ${attempt.why}`);
  }
  if (ownUid() === 0 && (request.runAs === 'auto' || request.runAs === 'dropped')) {
    await chmod(home, 0o700);
    for (const reachable of request.reachableFolders) {
      const attempt = await tryNewHome(reachable, binDir);
      if (attempt.footing) return moveHome(home, attempt.footing, request);
      refusals.push(`dropped, in ${reachable}: ${attempt.why}`);
    }
  }
  const wayOut = 'Set FECHATTER_DATABASE_URL to a PostgreSQL of your own, or start as another user.';
  throw new Error(`PostgreSQL cannot be run here (${refusals.join('; ')}). ${wayOut}`);
}

/** If `data` is a link, an earlier start has put the files elsewhere. */
async function homeOf(folder: string): Promise<string> {
  const data = join(folder, 'data');
  const entry = await lstat(data).catch(() => undefined);
  if (!entry?.isSymbolicLink()) return realpath(folder);
  const home = dirname(resolve(folder, await readlink(data)));
  if (existsSync(home)) return realpath(home);
  throw new Error(`The database was kept in ${home}, which is gone. To start with an empty one, remove ${folder}`);
}

/**
 * The owner of existing data comes first, so that data that root made in a user's folder can still be used by that
 * user.
 */
async function identities(home: string, wanted: Identity['kind'] | 'auto'): Promise<Identity[]> {
  const owner = await stat(join(home, 'data')).catch(() => undefined);
  const uid = ownUid();
  const other = unprivilegedUser();
  const ways: Identity[] = [];
  if (uid === 0) {
    if (owner && owner.uid !== 0) ways.push({ kind: 'dropped', uid: owner.uid, gid: owner.gid });
    ways.push({ kind: 'namespace', ...other }, { kind: 'dropped', ...other });
  } else {
    if (owner && uid !== -1 && owner.uid !== uid) {
      throw new Error(`The database in ${home} belongs to user ${owner.uid}, this is user ${uid}: start as that user`);
    }
    if (!hasName() || wanted === 'namespace') ways.push({ kind: 'namespace', ...other });
    ways.push({ kind: 'self' });
  }
  return ways.filter(({ kind }) => wanted === 'auto' || wanted === kind);
}

async function tryHome(identity: Identity, home: string, binDir: string): Promise<Attempt> {
  await letIn(identity, home);
  const attempt = await tryBinaries(identity, home, binDir);
  if (attempt.footing || !attempt.needsCopy) return attempt;
  return tryBinaries(identity, home, await copyBinaries(identity, home, binDir));
}

const noEntry = 91;
const enterAndRun = `cd "$1" || exit ${noEntry}; shift; exec "$@"`;

async function tryBinaries(identity: Identity, home: string, binDir: string): Promise<Attempt> {
  const postgres = join(binDir, 'postgres');
  const { code, output } =
    identity.kind === 'self'
      ? await runAs(identity, postgres, ['--version'], home)
      : await runAs(identity, '/bin/sh', ['-c', enterAndRun, 'sh', home, postgres, '--version']);
  const version = /^postgres \(PostgreSQL\) (\d+)/m.exec(output)?.[1];
  if (code === 0 && version !== undefined)
    return { footing: { identity, home, binDir, majorVersion: Number(version) } };
  const cannotExecute = code === 126 || code === 127;
  return { why: output.trim() || `exit code ${code}`, needsCopy: cannotExecute && identity.kind !== 'self' };
}

async function tryNewHome(reachable: string, binDir: string): Promise<Attempt> {
  let home: string;
  try {
    home = await mkdtemp(join(await realpath(reachable), 'fechatter-'));
  } catch (error) {
    return { why: String(error), needsCopy: false };
  }
  const attempt = await tryHome({ kind: 'dropped', ...unprivilegedUser() }, home, binDir);
  if (!attempt.footing) await rm(home, { recursive: true, force: true });
  return attempt;
}

async function moveHome(from: string, to: Footing, { folder, log }: FootingRequest): Promise<Footing> {
  const link = join(folder, 'data');
  const data = join(from, 'data');
  if (existsSync(data)) {
    const draft = join(to.home, 'data.draft');
    await cp(data, draft, { recursive: true, verbatimSymlinks: true });
    await giveTree(to.identity, draft);
    await rename(draft, join(to.home, 'data'));
    await rename(data, `${data}.moved-${Date.now()}`);
  }
  await rm(link, { force: true });
  await symlink(join(to.home, 'data'), link);
  log(`user ${fileOwner(to.identity).uid} cannot enter ${from}: the database is kept in ${to.home}`);
  return to;
}

/** Data of another owner (user namespaces were allowed before, or only now) is given to the identity completely. */
async function adopt(footing: Footing): Promise<Footing> {
  const data = join(footing.home, 'data');
  const entry = await stat(data).catch(() => undefined);
  const { uid } = fileOwner(footing.identity);
  if (entry && ownUid() === 0 && entry.uid !== uid) await giveTree(footing.identity, data);
  return footing;
}
