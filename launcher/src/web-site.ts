import { execFile } from 'node:child_process';
import { readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const pathOf = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const app = pathOf('examples/web');
const sources = [
  'examples/web/src',
  'examples/web/index.html',
  'examples/web/vite.config.ts',
  'examples/web/emoji-table.ts',
  'client-sdk/src',
].map(pathOf);
const site = join(app, 'dist/site');
const BUILD_MS = 60_000;

/** Builds the page that the server serves at /, unless the built one is newer than all its sources. */
export async function buildWebSite(signal: AbortSignal): Promise<void> {
  const builtAtMs = await changedAtMs(join(site, 'index.html'));
  const changes = await Promise.all(sources.map(changedAtMs));
  if (builtAtMs > Math.max(...changes)) return;
  // Built beside the old one, which is served until the new one is complete.
  const fresh = `${site}-${process.pid}`;
  const vite = join(app, 'node_modules/vite/bin/vite.js');
  const env = { ...process.env, NODE_ENV: 'production' };
  try {
    const args = [vite, 'build', '--logLevel', 'error', '--outDir', fresh];
    await promisify(execFile)(process.execPath, args, { cwd: app, env, signal, timeout: BUILD_MS });
    await rm(site, { recursive: true, force: true });
    await rename(fresh, site);
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

/** When a file, or the newest file in a folder, was last changed; 0 if it does not exist. */
async function changedAtMs(path: string): Promise<number> {
  const state = await stat(path).catch(() => undefined);
  if (state === undefined) return 0;
  if (!state.isDirectory()) return state.mtimeMs;
  const entries = await readdir(path, { recursive: true });
  const times = await Promise.all(entries.map(async (entry) => (await stat(join(path, entry))).mtimeMs));
  return Math.max(state.mtimeMs, ...times);
}
