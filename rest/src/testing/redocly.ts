import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OpenApiDocument } from '../document/open-api.ts';

const require = createRequire(import.meta.url);
const cli = require.resolve('@redocly/cli/bin/cli.js');
const quiet = { REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };

interface Lint {
  readonly totals: { readonly errors: number; readonly warnings: number };
  readonly problems: readonly { readonly ruleId: string; readonly message: string; readonly severity: string }[];
}

/** The errors and warnings of Redocly's recommended rules for a document. */
export async function redoclyProblems(document: OpenApiDocument): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'fechatter-redocly-'));
  try {
    await writeFile(join(folder, 'openapi.json'), JSON.stringify(document));
    const args = [cli, 'lint', 'openapi.json', '--extends', 'recommended', '--format', 'json'];
    const { problems } = JSON.parse(await output(args, folder)) as Lint;
    return problems.map(({ severity, ruleId, message }) => `${severity} ${ruleId}: ${message}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The command's output; it exits with 1 when it reports problems. */
function output(args: readonly string[], cwd: string): Promise<string> {
  return new Promise((settle, fail) => {
    execFile(process.execPath, [...args], { cwd, env: { ...process.env, ...quiet } }, (error, stdout, stderr) => {
      if (stdout.trimStart().startsWith('{')) settle(stdout);
      else fail(new Error(`redocly said nothing that can be read: ${stderr}`, { cause: error }));
    });
  });
}
