import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, readdir, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Identity } from './identity.ts';
import { giveTree } from './ownership.ts';

/** Copies binaries that an identity cannot read to a folder beside the data, once per version; returns that folder. */
export async function copyBinaries(identity: Identity, home: string, binDir: string): Promise<string> {
  const { size, mtimeMs } = await stat(join(binDir, 'postgres'));
  const build = createHash('sha256').update(`${binDir} ${size} ${mtimeMs}`).digest('hex').slice(0, 12);
  const copy = join(home, `native-${build}`);
  if (existsSync(copy)) return join(copy, 'bin');
  for (const name of await readdir(home)) {
    if (name.startsWith('native-')) await rm(join(home, name), { recursive: true, force: true });
  }
  await cp(dirname(await realpath(binDir)), `${copy}.draft`, { recursive: true, verbatimSymlinks: true });
  await giveTree(identity, `${copy}.draft`);
  await rename(`${copy}.draft`, copy);
  return join(copy, 'bin');
}
