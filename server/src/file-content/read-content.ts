import { limits } from '@fechatter/contract';
import { type ByteRange, openSegments, type StoredObject } from '@fechatter/file-store';
import type { FileContent } from './file-content.ts';
import { partAt } from './write-part.ts';

/** A file's key and objects, for reading its content. */
export interface StoredFile {
  readonly id: string;
  readonly sizeBytes: number;
  readonly wrappedKey: Buffer;
  /** Those of its parts, in their order. */
  readonly objects: readonly StoredObject[];
}

/** Reads a range of a file, across its parts, decrypted; throws where an object is missing or was changed. */
export async function* readContent(
  { stores, keys }: Pick<FileContent, 'stores' | 'keys'>,
  { id, sizeBytes, wrappedKey, objects }: StoredFile,
  { start, end }: ByteRange,
): AsyncGenerator<Buffer> {
  const key = keys.unwrap(id, wrappedKey);
  for (let part = Math.floor(start / limits.filePartBytes) + 1; (part - 1) * limits.filePartBytes < end; part++) {
    const object = objects[part - 1];
    if (object === undefined) throw new Error(`part ${part} of file ${id} is not there`);
    const from = (part - 1) * limits.filePartBytes;
    const range = { start: Math.max(0, start - from), end: Math.min(limits.filePartBytes, end - from) };
    yield* openSegments(key, partAt(id, object.id, part, sizeBytes), range, stores.readerOf(object.store));
  }
}
