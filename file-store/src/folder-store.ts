import { randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isObjectId } from './object-id.ts';
import { SEALED_BYTES } from './segments.ts';
import { type FileStore, StoreError, WrongSizeError } from './store.ts';

/** Where objects are while they are being written. */
const UNFINISHED = 'unfinished';
const STALE_MS = 24 * 3_600_000;
const READ_BYTES = 4 * SEALED_BYTES;

/**
 * A store in a folder, which it creates. Several processes, and machines that mount the same folder, can use it at once. An
 * object is written to a temporary file and then renamed, each followed by fsync, so that a partial object never exists.
 */
export function createFolderStore(folder: string): FileStore {
  const pathOf = (id: string): string => {
    if (!isObjectId(id)) throw new Error(`not the id of an object: ${JSON.stringify(id)}`);
    // The end of a UUID of version 7 is random, its beginning is the time.
    return join(folder, id.slice(-2), id.slice(-4, -2), id);
  };

  return {
    async put(id, bytes, sizeBytes) {
      const place = pathOf(id);
      const aside = join(folder, UNFINISHED, `${id}.${randomBytes(8).toString('hex')}`);
      try {
        await makeFolder(dirname(aside));
        await writeWhole(aside, bytes, sizeBytes);
        await makeFolder(dirname(place));
        await rename(aside, place);
        await syncFolder(dirname(place));
      } catch (error) {
        await rm(aside, { force: true }).catch(() => {});
        throw asStoreError(error);
      }
    },
    async *read(id, { start, end }) {
      const file = await open(pathOf(id), 'r').catch(refused);
      try {
        // The next read is under way while the caller uses this one.
        let ahead = readAt(file, start, end);
        for (let at = start; at < end; ) {
          const bytes = await ahead.catch(refused);
          if (bytes.length === 0) throw new StoreError('unavailable', `object ${id} is shorter than expected`);
          at += bytes.length;
          ahead = readAt(file, at, end);
          // Where the caller stops, nothing awaits it.
          ahead.catch(() => {});
          yield bytes;
        }
      } finally {
        await file.close();
      }
    },
    async sizeOf(id) {
      try {
        return (await stat(pathOf(id))).size;
      } catch (error) {
        if (codeOf(error) === 'ENOENT') return undefined;
        throw asStoreError(error);
      }
    },
    delete: (id) => rm(pathOf(id), { force: true }).catch(refused),
    async *list() {
      for (const outer of await namesIn(folder))
        if (/^[0-9a-f]{2}$/.test(outer))
          for (const inner of await namesIn(join(folder, outer)))
            for (const name of await namesIn(join(folder, outer, inner))) if (isObjectId(name)) yield name;
    },
    async tidy() {
      const place = join(folder, UNFINISHED);
      for (const name of await namesIn(place)) {
        const found = await stat(join(place, name)).catch(() => undefined);
        // The machine's own clock on both sides, or that of the server that both mount.
        if (found !== undefined && Date.now() - found.mtimeMs > STALE_MS) await rm(join(place, name), { force: true });
      }
    },
  };
}

/** At most one read's bytes; none at the end. */
async function readAt(file: FileHandle, at: number, end: number): Promise<Buffer> {
  if (at >= end) return Buffer.alloc(0);
  const buffer = Buffer.allocUnsafe(Math.min(READ_BYTES, end - at));
  const { bytesRead } = await file.read(buffer, 0, buffer.length, at);
  return buffer.subarray(0, bytesRead);
}

async function writeWhole(path: string, bytes: AsyncIterable<Uint8Array>, sizeBytes: number): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    let written = 0;
    for await (const chunk of bytes) {
      written += chunk.length;
      if (written > sizeBytes) break;
      await writeAll(file, chunk);
    }
    if (written !== sizeBytes) throw new WrongSizeError(`${sizeBytes} bytes were announced, and other came`);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A full disk accepts a part of a chunk before it refuses the rest. */
async function writeAll(file: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let at = 0; at < chunk.length; ) at += (await file.write(chunk, at, chunk.length - at)).bytesWritten;
}

/** Creates a folder and its parents, so that they survive a power cut. */
async function makeFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  for (let made = folder; made.length >= first.length; made = dirname(made)) await syncFolder(dirname(made));
}

async function syncFolder(folder: string): Promise<void> {
  // Windows cannot open folders.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const namesIn = (folder: string): Promise<string[]> =>
  readdir(folder).catch((error: unknown) => (codeOf(error) === 'ENOENT' ? [] : refused(error)));

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException | undefined)?.code;

function refused(error: unknown): never {
  throw asStoreError(error);
}

/** Other errors are not of the system: they come from the sender of the bytes, or from this code. */
function asStoreError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof StoreError || !('syscall' in error)) return error;
  const code = codeOf(error);
  if (code === 'ENOENT') return new StoreError('missing', 'there is no such object', { cause: error });
  if (code === 'ENOSPC' || code === 'EDQUOT') return new StoreError('full', 'the disk is full', { cause: error });
  return new StoreError('unavailable', `the folder of files failed: ${code}`, { cause: error });
}
