import { createReadStream, lstatSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { type Entry, openPromise, validateFileName, type ZipFile } from 'yauzl';

/** The files of an export: a folder, or a zip that is read in place. */
export interface Archive {
  /** Paths with `/`, in Unicode's composed form, in a fixed order. */
  readonly names: readonly string[];
  /** The content of a file, a piece at a time; its size is known, and the caller's to limit. */
  stream(name: string): Promise<AsyncIterable<Buffer>>;
  /** The same of a document of the export, which may have any size; throws for a zip bomb. */
  document(name: string): Promise<AsyncIterable<Buffer>>;
  /** The content of a file; throws for a name that is not there, and for one of more than `maxBytes`. */
  read(name: string, maxBytes: number): Promise<Buffer>;
  /** How many bytes a file has, unpacked; undefined for a name that is not there. */
  size(name: string): number | undefined;
  close(): void;
}

export const openArchive = async (path: string): Promise<Archive> =>
  (await stat(path)).isDirectory() ? openFolder(path) : openZip(path);

async function openFolder(folder: string): Promise<Archive> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const files = new Map(paths.map((path) => [relative(folder, path).split(sep).join('/').normalize('NFC'), path]));
  const fileAt = (name: string): string => {
    const path = files.get(name);
    if (path === undefined) throw new Error(`there is no ${name}`);
    return path;
  };
  return {
    names: [...files.keys()].sort(),
    stream: async (name) => createReadStream(fileAt(name)),
    document: async (name) => createReadStream(fileAt(name)),
    read: async (name, maxBytes) => contentOf(createReadStream(fileAt(name)), name, maxBytes),
    size: (name) => (files.has(name) ? lstatSync(fileAt(name)).size : undefined),
    close: () => {},
  };
}

const ENTRIES_MAX = 2_000_000;
/** A large document that is packed better than this is no text that people wrote. */
const ANY_RATIO_MAX_BYTES = 67_108_864;
const RATIO_MAX = 200;

async function openZip(path: string): Promise<Archive> {
  const zip = await openPromise(path, { autoClose: false, lazyEntries: true, decodeStrings: false });
  const entries = await entriesOf(zip);
  const entryAt = (name: string): Entry => {
    const entry = entries.get(name);
    if (entry === undefined) throw new Error(`there is no ${name}`);
    return entry;
  };
  return {
    names: [...entries.keys()].sort(),
    stream: (name) => zip.openReadStreamPromise(entryAt(name)),
    async document(name) {
      const entry = entryAt(name);
      if (isBomb(entry)) throw new Error(`${name} is a zip bomb: it is packed more than ${RATIO_MAX} times`);
      return zip.openReadStreamPromise(entry);
    },
    async read(name, maxBytes) {
      const entry = entryAt(name);
      // The stream ends with an error if there is more than the entry says.
      if (entry.uncompressedSize > maxBytes) throw new TooLarge(name);
      return contentOf(await zip.openReadStreamPromise(entry), name, maxBytes);
    },
    size: (name) => entries.get(name)?.uncompressedSize,
    close: () => zip.close(),
  };
}

async function entriesOf(zip: ZipFile): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>();
  if (zip.entryCount > ENTRIES_MAX) throw new Error(`the archive has more than ${ENTRIES_MAX} files`);
  for await (const entry of zip.eachEntry()) {
    const name = nameOf(entry);
    const problem = validateFileName(name);
    if (problem !== null) throw new Error(problem);
    if (!name.endsWith('/')) entries.set(name, entry);
  }
  return entries;
}

const isBomb = ({ uncompressedSize, compressedSize }: Entry): boolean =>
  uncompressedSize > ANY_RATIO_MAX_BYTES && uncompressedSize > RATIO_MAX * compressedSize;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Without the names' bytes being decoded by the flag that says what they are: it is often wrong. */
function nameOf({ fileName }: Entry): string {
  // Its type says text, but without decodeStrings it is bytes.
  const bytes = fileName as unknown as Buffer;
  try {
    return utf8.decode(bytes).normalize('NFC');
  } catch {
    return bytes.toString('latin1');
  }
}

/** A file of the export that is larger than any such file can be. */
class TooLarge extends Error {
  constructor(name: string) {
    super(`${name} is too large`);
  }
}

async function contentOf(stream: AsyncIterable<Buffer>, name: string, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new TooLarge(name);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
