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

test('nothing of the services is published, neither code nor types', async () => {
  for (const text of [...(await textsOf('.js')), ...(await textsOf('.d.ts'))])
    expect(text).not.toMatch(/from ['"](@fechatter\/|zod|hono|drizzle|pg|node:)|z\.(infer|ZodObject)/);
});

test('the hooks say that they run in the browser, and nothing else does', async () => {
  const names = (await readdir(packageDir)).filter((name) => name.endsWith('.js'));
  const marked: string[] = [];
  for (const name of names)
    if (/^['"]use client['"]/.test(await readFile(join(packageDir, name), 'utf8'))) marked.push(name);
  expect(marked).toEqual(['react.js']);
});

test('what a procedure does, and what refuses it, stands above it for hovering', async () => {
  const types = (await textsOf('.d.ts')).join('\n');
  expect(types).toMatch(/\* Send a message\. [\s\S]*Refusals: `chat_not_found`[^/]*\*\/\s+send: TRPCMutationProcedure/);
  expect(types).toContain('`clientId`');
});

test('what a role may do is told without asking, by the table of the services', async () => {
  const { allows } = (await import(join(packageDir, 'index.js'))) as typeof import('../../src/index.ts');
  expect((['Member', 'Admin', 'Owner'] as const).map((role) => allows(role, 'chat.update'))).toEqual([
    false,
    true,
    true,
  ]);
  expect([allows(null, 'message.send'), allows(null, 'chat.join')]).toEqual([false, true]);
});

test('the core weighs at most 22 KB gzipped with everything that it needs', async () => {
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
