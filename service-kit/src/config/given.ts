import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import { nearestName } from './nearest-name.ts';
import { CONFIG_FILE_VARIABLE, type NamedSetting, namedSettings, PREFIX } from './setting-names.ts';

export type Environment = Readonly<Record<string, string | undefined>>;
export type Tree = Readonly<Record<string, unknown>>;

const FILE_MAX_BYTES = 1_048_576;

function isTree(node: unknown): node is Tree {
  return typeof node === 'object' && node !== null && !Array.isArray(node);
}

/** A file's text, or why it cannot be read. */
export function readSmallFile(path: string): { text: string } | { failure: string } {
  try {
    if (statSync(path).size > FILE_MAX_BYTES) return { failure: 'larger than 1 MiB' };
    return { text: readFileSync(path, 'utf8') };
  } catch (error) {
    return { failure: error instanceof Error && 'code' in error ? String(error.code) : 'not readable' };
  }
}

/** app.yml, or the file that FECHATTER_CONFIG names; a missing app.yml counts as empty. */
export function readConfigFile(env: Environment, cwd: string, problems: string[]): Tree {
  const named = env[CONFIG_FILE_VARIABLE] || undefined;
  const file = readSmallFile(resolve(cwd, named ?? 'app.yml'));
  if ('failure' in file) {
    if (named === undefined && file.failure === 'ENOENT') return {};
    problems.push(
      `${CONFIG_FILE_VARIABLE}: ${JSON.stringify(named ?? 'app.yml')} given (${file.failure}), expected a file to read`,
    );
    return {};
  }
  const lines = new LineCounter();
  const document = parseDocument(file.text, { lineCounter: lines, prettyErrors: false });
  for (const error of document.errors)
    problems.push(`app.yml line ${lines.linePos(error.pos[0]).line}: ${error.code}, expected YAML`);
  if (document.errors.length > 0) return {};
  const tree: unknown = document.toJS({ maxAliasCount: 100 }) ?? {};
  if (isTree(tree)) return tree;
  problems.push('app.yml: expected sections like `server:` with settings below them');
  return {};
}

/** The value of one setting in app.yml; an empty value counts as none. */
export function givenInFile(tree: Tree, path: readonly string[]): unknown {
  const value = path.reduce<unknown>(
    (node, key) => (isTree(node) && Object.hasOwn(node, key) ? node[key] : undefined),
    tree,
  );
  return value ?? undefined;
}

/** Unknown names in app.yml. */
export function unknownInFile(tree: Tree, above: readonly string[] = []): string[] {
  return Object.entries(tree).flatMap(([key, value]) => {
    const path = [...above, key];
    const name = path.join('.');
    if (namedSettings.some((setting) => setting.name === name)) return [];
    const isSection = namedSettings.some((setting) => setting.name.startsWith(`${name}.`));
    if (isSection && isTree(value)) return unknownInFile(value, path);
    if (isSection) return value === null ? [] : [`${name} in app.yml: expected settings below it`];
    const nearest = nearestName(
      name,
      namedSettings.map((setting) => setting.name),
    );
    return [`${name} in app.yml: there is no such setting${nearest ? `; did you mean ${nearest}?` : ''}`];
  });
}

function variablesOf({ variable, setting }: NamedSetting): string[] {
  return setting.isSecret ? [variable, `${variable}_FILE`] : [variable];
}

/** Unknown FECHATTER_ variables. */
export function unknownInEnvironment(env: Environment): string[] {
  const known = new Set([CONFIG_FILE_VARIABLE, ...namedSettings.flatMap(variablesOf)]);
  return Object.keys(env)
    .filter((name) => name.startsWith(PREFIX) && !known.has(name))
    .map((name) => {
      const nearest = nearestName(name, known);
      return `${name}: there is no such setting${nearest ? `; did you mean ${nearest}?` : ''}`;
    });
}
