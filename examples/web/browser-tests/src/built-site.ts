import { builtOnce } from '@fechatter/testing/built-once';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** The folder of the current page, which is built once per test run. */
export const builtSite = (): Promise<string> =>
  builtOnce('site', (folder) => {
    const app = fileURLToPath(new URL('../..', import.meta.url));
    const args = [join(app, 'node_modules/vite/bin/vite.js'), 'build', '--emptyOutDir', '--outDir', folder];
    return promisify(execFile)(process.execPath, args, { cwd: app, env: { ...process.env, NODE_ENV: 'production' } });
  });
