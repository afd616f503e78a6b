import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { loadConfig } from './config.ts';
import type { Tree } from './given.ts';
import { namedSettings } from './setting-names.ts';

const example = resolve(import.meta.dirname, '../../../app.example.yml');

function namesIn(tree: Tree, above = ''): string[] {
  return Object.entries(tree).flatMap(([key, value]) => {
    const isTree = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isTree ? namesIn(value as Tree, `${above}${key}.`) : [`${above}${key}`];
  });
}

test('app.example.yml shows every setting, in their order', () => {
  expect(namesIn(parse(readFileSync(example, 'utf8')) as Tree)).toEqual(namedSettings.map(({ name }) => name));
});

test('app.example.yml shows the defaults', () => {
  const cwd = import.meta.dirname;
  const shown = loadConfig('launcher', { env: { FECHATTER_CONFIG: example }, cwd });
  expect(shown).toEqual(loadConfig('launcher', { env: {}, cwd }));
});

test('every setting has its own environment variable', () => {
  const variables = namedSettings.flatMap(({ variable }) => [variable, `${variable}_FILE`]);
  expect(new Set([...variables, 'FECHATTER_CONFIG']).size).toBe(variables.length + 1);
});

const repository = resolve(import.meta.dirname, '../../..');

/** The sources of a package, without its tests, their helpers, and settings.ts itself. */
function sourcesOf(name: string): string[] {
  const folder = join(repository, name, 'src');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !/\.test\.ts$|(^|\/)testing\/|config\/settings\.ts$/.test(path))
    .map((path) => readFileSync(join(folder, path), 'utf8'));
}

test('every setting is read somewhere', () => {
  const sources = ['service-kit', 'server', 'notify', 'worker', 'launcher', 'cli'].flatMap(sourcesOf);
  const isRead = (path: readonly string[]) => {
    const words = path.map((key) => new RegExp(`\\b${key}\\b`));
    return sources.some((text) => words.every((word) => word.test(text)));
  };
  expect(namedSettings.flatMap(({ name, path }) => (isRead(path) ? [] : [name]))).toEqual([]);
});
