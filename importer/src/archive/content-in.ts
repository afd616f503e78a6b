import type { ImportedContent } from '../stream.ts';
import type { Archive } from './open-archive.ts';

/** The content of a file of the archive; undefined if it is not there. */
export function contentIn(archive: Archive, name: string): ImportedContent | undefined {
  const sizeBytes = archive.size(name);
  return sizeBytes === undefined ? undefined : { sizeBytes, open: () => archive.stream(name) };
}
