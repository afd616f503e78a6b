import { limits } from '@fechatter/contract';
import { type ByteRange, openSegments } from '@fechatter/file-store';
import type { FileContent } from './file-content.ts';
import { partAt } from './write-part.ts';

/** What reading a file's content takes. */
export interface StoredFile {
  readonly id: string;
  readonly sizeBytes: number;
  readonly wrappedKey: Buffer;
  /** The objects of its parts, in their order. */
  readonly objectIds: readonly string[];
}

/** Reads a range of a file, across its parts, decrypted; throws where an object is missing or was changed. */
export async function* readContent(
  { store, keys }: Pick<FileContent, 'store' | 'keys'>,
  { id, sizeBytes, wrappedKey, objectIds }: StoredFile,
  { start, end }: ByteRange,
): AsyncGenerator<Buffer> {
  const key = keys.unwrap(id, wrappedKey);
  for (let part = Math.floor(start / limits.filePartBytes) + 1; (part - 1) * limits.filePartBytes < end; part++) {
    const objectId = objectIds[part - 1];
    if (objectId === undefined) throw new Error(`part ${part} of file ${id} is not there`);
    const from = (part - 1) * limits.filePartBytes;
    const range = { start: Math.max(0, start - from), end: Math.min(limits.filePartBytes, end - from) };
    yield* openSegments(key, partAt(id, objectId, part, sizeBytes), range, store);
  }
}
