import { cp, mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { root } from './root.ts';

/** Packages that are more than JavaScript: a native addon, and files that are served as they are. */
export const unbundled = ['@node-rs/argon2', 'swagger-ui-dist'] as const;

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
  await cp(argon2, join(folder, '@node-rs/argon2'), { recursive: true, dereference: true });
  const addons = nativeAddons(argon2);
  for (const { name, from } of addons) await cp(from, join(folder, name), { recursive: true, dereference: true });
  const swagger = packageFolder('swagger-ui-dist', join(root, 'rest/package.json'));
  await mkdir(join(folder, 'swagger-ui-dist'), { recursive: true });
  for (const file of swaggerFiles) await cp(join(swagger, file), join(folder, 'swagger-ui-dist', file));
  return [argon2, ...addons.map(({ from }) => from), swagger].map((from) => join(from, 'package.json'));
}

const packageFolder = (name: string, askedBy: string) =>
  dirname(createRequire(askedBy).resolve(`${name}/package.json`));

/** The addon is an optional dependency; only those for this machine are installed. */
function nativeAddons(argon2: string): readonly { readonly name: string; readonly from: string }[] {
  const manifest = join(argon2, 'package.json');
  const { optionalDependencies } = createRequire(manifest)(manifest) as {
    optionalDependencies: Record<string, string>;
  };
  const found = Object.keys(optionalDependencies).flatMap((name) => {
    try {
      return [{ name, from: packageFolder(name, manifest) }];
    } catch {
      return [];
    }
  });
  if (found.length === 0)
    throw new Error('@node-rs/argon2 has no addon for this platform: install optional dependencies');
  return found;
}
