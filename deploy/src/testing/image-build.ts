import { DockerfileParser } from 'dockerfile-ast';
import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../build/root.ts';

const run = promisify(execFile);
const STEP_MAX_MS = 120_000;

/**
 * Does what the Dockerfile's first stage does, step by step, with folders in place of the image's paths; returns the
 * folder for `/app`. The build context is what .dockerignore lets through.
 */
export async function imageBuild(folder: string): Promise<string> {
  const app = join(folder, 'app');
  let cwd = folder;
  const placeOf = (path: string) => (path.startsWith('/') ? join(folder, path) : join(cwd, path));
  for (const { keyword, value } of await stepsOfFirstStage()) {
    if (keyword === 'WORKDIR') await mkdir((cwd = placeOf(value)), { recursive: true });
    if (keyword === 'COPY') await copyContext(cwd);
    if (keyword === 'RUN') {
      const command = value.replace(/(?<= )\/app$/, app);
      const env = { ...process.env, CI: 'true', npm_config_prefer_offline: 'true' };
      await run('sh', ['-euc', command], { cwd, env, timeout: STEP_MAX_MS });
    }
  }
  return app;
}

async function stepsOfFirstStage() {
  const dockerfile = DockerfileParser.parse(await readFile(join(root, 'Dockerfile'), 'utf8'));
  const end = dockerfile.getFROMs()[1]?.getRange().start.line ?? Infinity;
  const lines = dockerfile.getInstructions().filter((one) => one.getRange().start.line < end);
  return lines.map((one) => ({ keyword: one.getKeyword(), value: one.getRawArgumentsContent() ?? '' }));
}

/** `COPY . .`; tar's patterns match at every depth, as `**` does. */
async function copyContext(to: string): Promise<void> {
  const ignored = (await readFile(join(root, '.dockerignore'), 'utf8')).replaceAll('**/', '');
  const patterns = join(to, '..', 'ignored');
  await writeFile(patterns, ignored);
  await run('sh', ['-euc', 'tar -c -C "$0" --exclude-from "$1" . | tar -x -C "$2"', root, patterns, to]);
}
