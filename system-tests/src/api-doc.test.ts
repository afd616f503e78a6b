import { RELEASE } from '@fechatter/contract';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { expect, test } from 'vitest';
import { apiDoc } from './api-doc.ts';

test('docs/api.md matches the procedures (npx -y pnpm@12 docs:api writes it)', async () => {
  const written = await readFile(new URL('../../docs/api.md', import.meta.url), 'utf8');
  expect(written).toBe(apiDoc().trimEnd().concat('\n'));
});

test('every package has the release that processes and documents report', async () => {
  const root = new URL('../../', import.meta.url);
  const read = (path: string) => readFile(new URL(path, root), 'utf8');
  const { packages } = parse(await read('pnpm-workspace.yaml')) as { readonly packages: readonly string[] };
  const folders = await Promise.all(
    packages.map(async (path) => {
      if (!path.endsWith('/*')) return [path];
      const parent = path.slice(0, -2);
      return (await readdir(new URL(parent, root))).map((name) => `${parent}/${name}`);
    }),
  );
  for (const folder of ['.', ...folders.flat()]) {
    const { version } = JSON.parse(await read(`${folder}/package.json`)) as { readonly version: string };
    expect(version, folder).toBe(RELEASE);
  }
});

test('every path in ARCHITECTURE.md exists, and no walk is too long', async () => {
  const root = new URL('../../', import.meta.url);
  const text = await readFile(new URL('ARCHITECTURE.md', root), 'utf8');
  const paths = [...text.matchAll(/`((?:contract|drizzle|server|notify|worker|client-sdk)\/[\w./-]+)`/g)];
  const missing = paths.flatMap(([, path = '']) => (existsSync(new URL(path, root)) ? [] : [path]));
  expect(missing).toEqual([]);
  expect(text.match(/^\d+\. `[\w./-]+`: /gm)?.length).toBe(25);
});
