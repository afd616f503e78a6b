import { execFileSync } from 'node:child_process';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { type Plugin, rollup } from 'rollup';
import { dts } from 'rollup-plugin-dts';
import { build as bundle } from 'vite';
import { emittedDir, entries, fileOf, packageDir, sdkDir, sourceDir } from './paths.ts';
import { wireTypes } from './wire-types.ts';

const external = /^(@trpc\/|react(\/|$)|eventsource-parser$)/;
/** Node's own names for lists of the package. */
const inputOf = (dir: string, extension: string) =>
  Object.fromEntries(Object.values(entries).map((entry) => [fileOf(entry), join(dir, entry + extension)]));

/** Writes the package as it is published: ESM and CommonJS, bundled types, and a package.json without the workspace. */
export async function buildPackage(): Promise<void> {
  await rm(packageDir, { recursive: true, force: true });
  await mkdir(packageDir, { recursive: true });
  await buildCode();
  await buildTypes();
  await writeManifest();
  for (const name of ['README.md', 'CHANGELOG.md']) await cp(join(sdkDir, name), join(packageDir, name));
  await cp(join(sdkDir, '../LICENSE'), join(packageDir, 'LICENSE'));
}

/** Hooks and context run in the browser alone, also where an app renders on a server. */
const banner = ({ name }: { readonly name: string }) => (name === fileOf(entries['./react']) ? "'use client';" : '');

async function buildCode(): Promise<void> {
  await bundle({
    configFile: false,
    logLevel: 'warn',
    build: {
      outDir: packageDir,
      emptyOutDir: false,
      target: 'es2022',
      minify: false,
      lib: { entry: inputOf(sourceDir, '.ts') },
      rollupOptions: { external, output: [codeIn('es', 'js'), codeIn('cjs', 'cjs')] },
    },
  });
}

const codeIn = (format: 'es' | 'cjs', extension: string) => ({
  format,
  exports: 'named' as const,
  entryFileNames: `[name].${extension}`,
  chunkFileNames: `chunks/[name].${extension}`,
  banner,
});

async function buildTypes(): Promise<void> {
  execFileSync(process.execPath, [join(sdkDir, '../node_modules/typescript/bin/tsc'), '-b', sdkDir], {
    stdio: 'inherit',
  });
  const wire = join(packageDir, 'wire.d.ts');
  await writeFile(wire, wireTypes());
  const result = await rollup({
    input: inputOf(emittedDir, '.d.ts'),
    external,
    plugins: [emittedImports(wire), dts()],
    onwarn: (warning) => {
      throw new Error(warning.message);
    },
  });
  for (const extension of ['d.ts', 'd.cts'])
    await result.write({
      dir: packageDir,
      entryFileNames: `[name].${extension}`,
      chunkFileNames: `chunks/[name].${extension}`,
      // What tRPC's own types need, for consumers with `skipLibCheck: false`.
      banner: '/// <reference lib="esnext.disposable" />',
    });
  await rm(wire);
}

/** Declarations import `./x.ts`: that is `./x.d.ts`, but for the wire, whose types were spelt out. */
const emittedImports = (wire: string): Plugin => ({
  name: 'emitted-imports',
  resolveId(source, importer) {
    if (importer === undefined || !source.startsWith('.')) return null;
    return source.endsWith('/wire.ts') ? wire : resolve(dirname(importer), source.replace(/\.ts$/, '.d.ts'));
  },
});

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
}

async function writeManifest(): Promise<void> {
  const own = JSON.parse(await readFile(join(sdkDir, 'package.json'), 'utf8')) as Manifest;
  const { name, version, description, dependencies, peerDependencies } = own;
  const installed = async (dependency: string) => {
    const text = await readFile(join(sdkDir, 'node_modules', dependency, 'package.json'), 'utf8');
    return (JSON.parse(text) as Manifest).version;
  };
  const versions: [string, string][] = [];
  for (const dependency of Object.keys(dependencies)) {
    // The two halves of tRPC only fit exactly.
    const exact = await installed(dependency);
    versions.push([dependency, dependency.startsWith('@trpc/') ? exact : `^${exact}`]);
  }
  const exports = Object.fromEntries(
    Object.entries(entries).map(([path, entry]) => [
      path,
      {
        import: { types: `./${fileOf(entry)}.d.ts`, default: `./${fileOf(entry)}.js` },
        require: { types: `./${fileOf(entry)}.d.cts`, default: `./${fileOf(entry)}.cjs` },
      },
    ]),
  );
  const manifest = {
    name,
    version,
    description,
    license: 'MIT',
    type: 'module',
    sideEffects: false,
    engines: { node: '>=20.19' },
    exports: { ...exports, './package.json': './package.json' },
    dependencies: Object.fromEntries(versions),
    peerDependencies,
    peerDependenciesMeta: { react: { optional: true } },
  };
  await writeFile(join(packageDir, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}
