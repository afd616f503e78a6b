import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const compress = promisify(gzip);

export interface ExplorerFile {
  readonly type: string;
  readonly plain: Buffer<ArrayBuffer>;
  readonly gzipped: Buffer<ArrayBuffer>;
}

const types = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'swagger-ui-standalone-preset.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
} as const;
type ExplorerFileName = keyof typeof types;

const require = createRequire(import.meta.url);
const manifest = require.resolve('swagger-ui-dist/package.json');

/** The version of Swagger UI. It is part of the files' URLs, so that browsers may cache them for good. */
export const explorerVersion: string = (require(manifest) as { readonly version: string }).version;

const read = new Map<ExplorerFileName, Promise<ExplorerFile>>();

/** A file of Swagger UI, read at its first request; undefined for an unknown name. */
export async function explorerFile(name: string): Promise<ExplorerFile | undefined> {
  if (!Object.hasOwn(types, name)) return undefined;
  const known = name as ExplorerFileName;
  const reading = read.get(known) ?? fileNamed(known);
  read.set(known, reading);
  return reading;
}

async function fileNamed(name: ExplorerFileName): Promise<ExplorerFile> {
  const plain = await readFile(join(dirname(manifest), name));
  return { type: types[name], plain, gzipped: await compress(plain) };
}
