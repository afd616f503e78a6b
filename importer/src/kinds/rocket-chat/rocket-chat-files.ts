import { Binary } from 'bson';
import { open } from 'node:fs/promises';
import { MissingContent, type ImportedContent } from '../../stream.ts';
import { textIn } from '../lenient.ts';
import { documentAt, placedDocumentsOf } from './bson-documents.ts';

/** More chunks than the largest file of GridFS that can come has. */
const CHUNKS_MAX = 1_000_000;

/** Where the chunks of a file are in the dump, by their number: eight bytes for each. */
interface Chunked {
  readonly places: number[];
  sizeBytes: number;
}

/**
 * The files in a bucket of GridFS, by their ids. Those that Rocket.Chat kept elsewhere, in a
 * folder or bucket, are not in its database. Only the places of the chunks are in memory.
 */
export async function rocketChatFiles(
  files: ReadonlyMap<string, string>,
  bucket = 'rocketchat_uploads',
): Promise<(fileId: string) => ImportedContent | undefined> {
  const path = files.get(`${bucket}.chunks`);
  const found = new Map<string, Chunked>();
  // A compressed file cannot be read from the middle.
  if (path === undefined || path.endsWith('.gz')) return () => undefined;
  for await (const { at, document } of placedDocumentsOf(path)) {
    const id = textIn(document ?? {}, 'files_id');
    const { n, data } = document ?? {};
    if (id === undefined || !isChunk(n) || !(data instanceof Binary)) continue;
    const file = found.get(id) ?? { places: [], sizeBytes: 0 };
    if (file.places[n] === undefined) file.sizeBytes += data.length();
    file.places[n] = at;
    found.set(id, file);
  }
  return (fileId) => {
    const file = found.get(fileId);
    return file && { sizeBytes: file.sizeBytes, open: async () => chunksOf(path, file) };
  };
}

const isChunk = (n: unknown): n is number => typeof n === 'number' && Number.isInteger(n) && n >= 0 && n < CHUNKS_MAX;

async function* chunksOf(path: string, { places }: Chunked): AsyncGenerator<Uint8Array> {
  const dump = await open(path);
  try {
    for (let n = 0; n < places.length; n++) {
      const place = places[n];
      if (place === undefined) throw new MissingContent('a part of a file is missing');
      const { data } = await documentAt(dump, place);
      if (data instanceof Binary) yield data.value();
    }
  } finally {
    await dump.close();
  }
}
