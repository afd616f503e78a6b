import type { Files } from '@fechatter/client/files';
import { chatter } from '../chatter.ts';

let files: Promise<Files> | undefined;
let loaded: Files | undefined;

/** The address of a file's content; what creates it is loaded with the first file. */
export async function urlOfFile(fileId: string): Promise<string> {
  files ??= import('@fechatter/client/files').then(({ createFiles }) => (loaded = createFiles(chatter)));
  return (await files).urlOf(fileId);
}

/** The same at once, for rendering; undefined if it has to be asked for. */
export const knownUrlOfFile = (fileId: string): string | undefined => loaded?.knownUrlOf(fileId);
