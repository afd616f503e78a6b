import { fileURLToPath } from 'node:url';
import { runSaying } from './run-saying.ts';

const config = fileURLToPath(new URL('../vitest.config.ts', import.meta.url));

/** Runs the tests of what the package's build wrote. */
export async function checkPublished(): Promise<string> {
  const output = await runSaying(
    'npx',
    ['vitest', 'run', '--config', config, '--reporter', 'json'],
    fileURLToPath(new URL('../..', import.meta.url)),
  );
  const { numPassedTests } = JSON.parse(output.slice(output.indexOf('{'))) as { readonly numPassedTests: number };
  return `${numPassedTests} tests`;
}
