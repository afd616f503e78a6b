import type { FileContent } from './file-content.ts';
import { mediaTypeOf, SNIFFED_BYTES } from './media-type.ts';
import { readContent, type StoredFile } from './read-content.ts';
import { storeRefusal } from './store-refusal.ts';

/** The type of a stored file: by its first bytes, else as it was declared. */
export async function sniffedType(
  files: Pick<FileContent, 'stores' | 'keys'>,
  file: StoredFile,
  declared: string,
): Promise<string> {
  const beginning: Buffer[] = [];
  try {
    const range = { start: 0, end: Math.min(SNIFFED_BYTES, file.sizeBytes) };
    for await (const chunk of readContent(files, file, range)) beginning.push(chunk);
  } catch (error) {
    throw storeRefusal(error);
  }
  return mediaTypeOf(Buffer.concat(beginning), declared);
}
