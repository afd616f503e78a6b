import { cp, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundle } from './bundle.ts';
import { copyUnbundled } from './unbundled.ts';
import { root } from './root.ts';
import { thirdPartyNotice } from './third-party.ts';

/**
 * Makes a folder with everything that production runs, and nothing else: `bin/server.js`, `bin/notify.js`,
 * `bin/worker.js`, `bin/fechatter.js` (the operator's commands) and `bin/healthy.js`, the database's migrations and
 * functions, the few packages that cannot be bundled, and the licences of everything in it. It can be copied to any
 * folder on this platform with Node 20.19 or newer, and writes nothing.
 */
export async function buildProduction(folder: string): Promise<{ readonly bytes: number }> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(join(folder, 'bin'), { recursive: true });
  const inputs = await bundle(join(folder, 'bin'));
  await writeFile(join(folder, 'package.json'), '{ "type": "module", "private": true }\n');
  // The bundles look for them in their parent folder, as drizzle/src does.
  for (const name of ['migrations', 'sql'])
    await cp(join(root, 'drizzle', name), join(folder, name), { recursive: true });
  const copied = await copyUnbundled(join(folder, 'node_modules'));
  await writeFile(join(folder, 'THIRD-PARTY.txt'), await thirdPartyNotice([...inputs, ...copied]));
  await cp(join(root, 'LICENSE'), join(folder, 'LICENSE'));
  return { bytes: await bytesOf(folder) };
}

async function bytesOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(files.map(async (file) => (await stat(join(file.parentPath, file.name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}
