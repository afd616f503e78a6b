import { cp, mkdir } from 'node:fs/promises';
import { existsSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root } from './root.ts';

/** Packages that are more than JavaScript: a native addon, and files that are served as they are. */
export const unbundled = ['@node-rs/argon2', 'sharp', 'swagger-ui-dist'] as const;

/** The files of Swagger UI that the explorer serves. */
const swaggerFiles = [
  'package.json',
  'LICENSE',
  'swagger-ui.css',
  'swagger-ui-bundle.js',
  'swagger-ui-standalone-preset.js',
  'favicon-32x32.png',
] as const;

/** Copies these packages, each with the files that it needs on this platform; returns the paths of the originals. */
export async function copyUnbundled(folder: string): Promise<readonly string[]> {
  const argon2 = packageFolder('@node-rs/argon2', join(root, 'server/package.json'));
  const sharp = packageFolder('sharp', join(root, 'worker/package.json'));
  const packages = [
    { name: '@node-rs/argon2', from: argon2 },
    ...nativeAddons(argon2),
    { name: 'sharp', from: sharp },
    ...nativeAddons(sharp),
    ...needed(sharp),
  ];
  for (const { name, from } of packages) {
    const filter = (path: string) => !path.startsWith(join(from, 'node_modules'));
    await cp(from, join(folder, name), { recursive: true, dereference: true, filter });
  }
  const swagger = packageFolder('swagger-ui-dist', join(root, 'rest/package.json'));
  await mkdir(join(folder, 'swagger-ui-dist'), { recursive: true });
  for (const file of swaggerFiles) await cp(join(swagger, file), join(folder, 'swagger-ui-dist', file));
  return [...packages.map(({ from }) => from), swagger].map((from) => join(from, 'package.json'));
}

interface Package {
  readonly name: string;
  readonly from: string;
}

function packageFolder(name: string, askedBy: string): string {
  const folder = installedFolder(name, askedBy);
  if (folder === undefined) throw new Error(`${name} is not installed`);
  return folder;
}

const manifestOf = (folder: string) =>
  createRequire(join(folder, 'package.json'))('./package.json') as Partial<
    Record<'dependencies' | 'optionalDependencies', Record<string, string>>
  >;

/** What a package needs of JavaScript. */
const needed = (folder: string): readonly Package[] =>
  Object.keys(manifestOf(folder).dependencies ?? {}).map((name) => ({
    name,
    from: packageFolder(name, join(folder, 'package.json')),
  }));

/** An addon, and what it links, are optional dependencies; only those for this machine are installed. */
function nativeAddons(folder: string): readonly Package[] {
  const manifest = join(folder, 'package.json');
  const found = Object.keys(manifestOf(folder).optionalDependencies ?? {}).flatMap((name) => {
    const from = installedFolder(name, manifest);
    return from === undefined ? [] : [{ name, from }];
  });
  if (found.length === 0) throw new Error(`${folder} has no addon for this platform: install optional dependencies`);
  return found;
}

/** The folder of a package that may not be there, nor have anything that can be resolved. */
function installedFolder(name: string, askedBy: string): string | undefined {
  const places = createRequire(askedBy).resolve.paths(name) ?? [];
  const found = places.map((place) => join(place, name)).find((folder) => existsSync(join(folder, 'package.json')));
  // What it needs itself is beside where it really is.
  return found && realpathSync(found);
}
