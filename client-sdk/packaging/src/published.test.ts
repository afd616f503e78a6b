// The package as it was built last: `pnpm test:package` builds it and runs these tests.

import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { expect, test } from 'vitest';
import { packageDir } from './paths.ts';

const CORE_MAX_BYTES = 22 * 1_024;

const textsOf = async (extension: string) => {
  const names = (await readdir(packageDir, { recursive: true })).filter((name) => name.endsWith(extension));
  return Promise.all(names.map((name) => readFile(join(packageDir, name), 'utf8')));
};

test('the package contains neither code nor types of the services', async () => {
  for (const text of [...(await textsOf('.js')), ...(await textsOf('.d.ts'))])
    expect(text).not.toMatch(/from ['"](@fechatter\/|zod|hono|drizzle|pg|node:)|z\.(infer|ZodObject)/);
});

test('only the entry of the hooks is marked as client code', async () => {
  const names = (await readdir(packageDir)).filter((name) => name.endsWith('.js'));
  const marked: string[] = [];
  for (const name of names)
    if (/^['"]use client['"]/.test(await readFile(join(packageDir, name), 'utf8'))) marked.push(name);
  expect(marked).toEqual(['react.js']);
});

test('each procedure has a doc comment with its description and its errors', async () => {
  const types = (await textsOf('.d.ts')).join('\n');
  expect(types).toMatch(/\* Send a message\. [\s\S]*Refusals: `chat_not_found`[^/]*\*\/\s+send: TRPCMutationProcedure/);
  expect(types).toContain('`clientId`');
});

test('the package evaluates permissions locally with the table of the services', async () => {
  const { allows } = (await import(join(packageDir, 'index.js'))) as typeof import('../../src/index.ts');
  expect((['Member', 'Admin', 'Owner'] as const).map((role) => allows(role, 'chat.update'))).toEqual([
    false,
    true,
    true,
  ]);
  expect([allows(null, 'message.send'), allows(null, 'chat.join')]).toEqual([false, true]);
});

test('the core with its dependencies is at most 22 KiB gzipped', async () => {
  const entry = join(packageDir, 'size.js');
  await writeFile(entry, "export { createFechatter } from './index.js';");
  const result = await build({
    configFile: false,
    logLevel: 'error',
    // Its dependencies are found from where the source lies.
    root: packageDir,
    // As an app is built: of libraries Vite takes no white space away.
    build: {
      write: false,
      minify: true,
      target: 'es2022',
      rollupOptions: { input: entry, preserveEntrySignatures: 'strict' },
    },
  });
  await rm(entry);
  if (!('output' in result)) throw new Error('nothing was built');
  const bytes = result.output.reduce((sum, file) => sum + ('code' in file ? gzipSync(file.code).length : 0), 0);
  expect(bytes).toBeGreaterThan(5_000);
  expect(bytes).toBeLessThanOrEqual(CORE_MAX_BYTES);
});
