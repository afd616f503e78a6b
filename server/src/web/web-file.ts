import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

/** A file to be served. */
export interface WebFile {
  readonly type: string;
  readonly body: Buffer;
  /** The same, compressed, if that makes it smaller. */
  readonly zipped: Buffer | undefined;
  /** Its name has a hash of its content: under that name it never changes. */
  readonly isImmutable: boolean;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};
const packed = /\.(html|js|css|json|webmanifest|svg)$/;

/** Names of letters, digits, `_` and `-`, with dots inside: no `..`, no hidden file, nothing encoded. */
const SAFE_PATH = /^(\/[\w-]+(\.[\w-]+)*)+$/;
const HASHED_NAME = /-[\w-]{8,}\.\w+$/;
const KEPT_MAX = 200;

const zip = promisify(gzip);
/** Files that never change, by their paths. */
const kept = new Map<string, WebFile>();

/** A file below `folder`; undefined if none may be served. */
export async function webFile(folder: string, path: string): Promise<WebFile | undefined> {
  const type = types[extname(path)];
  if (type === undefined || !SAFE_PATH.test(path)) return undefined;
  const place = join(folder, path);
  const before = kept.get(place);
  if (before !== undefined) return before;
  // A file that cannot be read counts as missing.
  const body = await readFile(place).catch(() => undefined);
  if (body === undefined) return undefined;
  const zipped = packed.test(path) ? await zip(body) : undefined;
  const file = { type, body, zipped, isImmutable: HASHED_NAME.test(path) };
  if (file.isImmutable && kept.size < KEPT_MAX) kept.set(place, file);
  return file;
}
