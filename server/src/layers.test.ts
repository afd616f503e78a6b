import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';

/** From the bottom to the top, as ARCHITECTURE.md shows them. A file imports from its own layer and from those before it. */
const layers: readonly (readonly string[])[] = [
  [
    'page-cursor.ts',
    'count-unreadable.ts',
    'limits',
    'identity',
    'audit',
    'message/batching',
    'remembered',
    'reaction',
    'searching',
    'signals',
    'mail',
    'file-content',
  ],
  ['deps.ts', 'context.ts', 'access/principal.ts', 'procedures.ts'],
  ['access'],
  ['change'],
  ['membership'],
  ['auth', 'chat', 'info', 'message', 'thread', 'file', 'emoji'],
  ['retention', 'erasure', 'export'],
  ['user', 'workspace', 'bot', 'webhook', 'incoming-webhook'],
  ['admin'],
  ['router.ts', 'background.ts', 'metrics.ts', 'rest', 'web'],
  ['app.ts', 'start-server.ts', 'index.ts', 'main.ts'],
];
const source = import.meta.dirname;

test('no file imports from a layer above its own', async () => {
  const upward: string[] = [];
  const across: string[] = [];
  for (const file of await productFiles()) {
    for (const imported of await importsOf(file)) {
      const [from, to] = [placeOf(file), placeOf(imported)];
      if (to.layer > from.layer) upward.push(`${file} → ${imported}`);
      else if (to.layer === from.layer && to.part !== from.part) across.push(`${from.part} → ${to.part}`);
    }
  }
  expect(upward).toEqual([]);
  expect(circles(across)).toEqual([]);
});

test('the layers are those of ARCHITECTURE.md', async () => {
  const text = await readFile(join(source, '../../ARCHITECTURE.md'), 'utf8');
  const rows = layers.map((parts) => parts.map((part) => part.replace(/\.ts$/, '')).join(' '));
  for (const row of rows) expect(text).toMatch(new RegExp(`^ *\\d+ +${row.replaceAll('/', '\\/')}(  .*)?$`, 'm'));
});

/** Parts of one layer that import each other. */
function circles(across: readonly string[]): string[] {
  const pairs = new Set(across);
  return [...pairs].filter((pair) => pairs.has(pair.split(' → ').toReversed().join(' → ')));
}

function placeOf(file: string): { readonly layer: number; readonly part: string } {
  const partOf = (parts: readonly string[]) => parts.find((part) => file === part || file.startsWith(`${part}/`));
  // `message/batching` is inside `message`: the longest matching part counts.
  const found = layers.flatMap((parts, layer) => {
    const part = partOf(parts);
    return part === undefined ? [] : [{ layer, part }];
  });
  const longest = found.toSorted((a, b) => b.part.length - a.part.length)[0];
  if (longest === undefined) throw new Error(`${file} is in no layer: give its folder one`);
  return longest;
}

async function productFiles(): Promise<string[]> {
  const files = await readdir(source, { recursive: true });
  return files.filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !file.startsWith('testing/'));
}

async function importsOf(file: string): Promise<string[]> {
  const text = await readFile(join(source, file), 'utf8');
  return [...text.matchAll(/(?:from|import) '(\.[^']+)'/g)].map(([, path = '']) =>
    relative(source, join(source, dirname(file), path)),
  );
}
